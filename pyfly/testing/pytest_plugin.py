"""The pytest plugin: the marker ``pyfly`` says which application, the fixture ``pyfly_app`` is it.

    @pytest.mark.pyfly(Shop, profiles=["test"], properties={"shop.currency": "EUR"})
    async def test_an_order_is_accepted(pyfly_app): ...

pytest takes a mark with one class and nothing else for the decoration of that class: without further
arguments the application has to be named, ``@pytest.mark.pyfly(app=Shop)``.

Applications are kept as long as their event loop lives, so tests that share a loop and a
configuration share one start. pytest loads this module in every run: it imports next to nothing.
"""

import sys
from collections import Counter
from collections.abc import AsyncIterator, Generator, Hashable, Mapping, Sequence
from importlib import import_module
from os import PathLike, fspath
from typing import Any, Final

import pytest

SPEC: Final = pytest.StashKey[Any]()
CACHE: Final = pytest.StashKey[Any]()
STARTS: Final = pytest.StashKey[Counter[Hashable]]()

_PYTEST_ASYNCIO: Final = (
    "asyncio",
    "pytest_asyncio",
    "pytest_asyncio.plugin",
)  # found by itself, or asked for


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and, where pytest-asyncio runs, the fixtures for its event loops."""
    config.addinivalue_line(
        "markers",
        "pyfly(app, *, config_path=None, profiles=(), properties={}, overrides={}, packages=()): "
        "the application that the fixture pyfly_app starts; an inner mark amends an outer one",
    )
    config.stash[STARTS] = Counter()
    if any(map(config.pluginmanager.hasplugin, _PYTEST_ASYNCIO)):
        config.pluginmanager.register(import_module("pyfly.testing._asyncio_fixtures"), "pyfly_asyncio")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell when applications were started again for want of a shared event loop."""
    starts = config.stash[STARTS]
    if starts.total() > len(starts):
        terminalreporter.write_line(
            f"pyfly: {starts.total()} application starts for {len(starts)} configuration(s); tests share a start "
            "when they share a loop: set asyncio_default_test_loop_scope and asyncio_default_fixture_loop_scope "
            "to session"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """Let a test fail that has stopped an application without giving back its connections."""
    result = yield
    _check_lost()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, Any, Any]:
    """Let a test fail whose fixtures have done so."""
    result = yield
    _check_lost()
    return result


def _check_lost() -> None:
    if "pyfly.data.hooks.leaks" in sys.modules:
        from pyfly.testing.connections import fail_for_lost_connections

        fail_for_lost_connections()


@pytest.fixture
def pyfly_properties() -> dict[str, Any]:
    """Properties that are only known while tests run, such as the URL of a server; override it."""
    return {}


@pytest.fixture
def pyfly_app(request: pytest.FixtureRequest, pyfly_properties: Mapping[str, Any]) -> Any:
    """The started application of the ``pyfly`` mark, in the event loop of the test."""
    request.node.stash[SPEC] = _spec(request.node, pyfly_properties)
    if request.node.get_closest_marker("anyio"):
        return request.getfixturevalue("pyfly_app_of_anyio")
    if not request.config.pluginmanager.hasplugin("pyfly_asyncio"):
        raise pytest.UsageError(
            "the fixture pyfly_app needs an event loop: install pytest-asyncio, or mark with anyio"
        )
    scope = _loop_scope(request)
    request.node.stash[CACHE] = request.getfixturevalue(f"pyfly_apps_of_{scope}_loop")
    return request.getfixturevalue(f"pyfly_app_of_{scope}_loop")


@pytest.fixture
async def pyfly_app_of_anyio(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """The application of a test that anyio runs; it lives as long as the test."""
    from pyfly.testing.applications import ApplicationCache
    from pyfly.testing.connections import check_connections

    cache = ApplicationCache()
    try:
        application = await cache.get(request.node.stash[SPEC])
        yield application
        await check_connections(application)
    finally:
        await cache.close()


def _spec(node: Any, properties: Mapping[str, Any]) -> Any:
    from pyfly.testing.applications import ApplicationSpec

    wanted: dict[str, Any] = {"properties": properties}
    for mark in reversed(list(node.iter_markers("pyfly"))):
        for name, value in _said(*mark.args, **mark.kwargs).items():
            merges = isinstance(value, Mapping)
            wanted[name] = {**wanted.get(name, {}), **value} if merges else value
    if "app_class" not in wanted:
        raise pytest.UsageError(
            f"{node.nodeid} uses pyfly_app without saying which: @pytest.mark.pyfly(app=...)"
        )
    return ApplicationSpec(**wanted)


def _said(
    app: type | None = None,
    *,
    config_path: str | PathLike[str] | None = None,
    profiles: Sequence[str] | None = None,
    properties: Mapping[str, Any] | None = None,
    overrides: Mapping[Any, Any] | None = None,
    packages: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return what one mark says; a typing mistake in it is a ``TypeError``."""
    said = {
        "app_class": app,
        "config_path": None if config_path is None else fspath(config_path),
        "profiles": None if profiles is None else tuple(profiles),
        "properties": properties,
        "overrides": overrides,
        "packages": None if packages is None else tuple(packages),
    }
    return {name: value for name, value in said.items() if value is not None}


def _loop_scope(request: pytest.FixtureRequest) -> str:
    """Return the scope of the event loop in which pytest-asyncio runs the test."""
    mark = request.node.get_closest_marker("asyncio")
    said = mark.kwargs.get("loop_scope") if mark is not None else None
    return str(said or request.config.getini("asyncio_default_test_loop_scope"))
