"""The applications of each event loop of pytest-asyncio; ``pyfly_app`` picks those of the test's loop."""

from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest
import pytest_asyncio

from pyfly.testing.pytest_plugin import CACHE, SPEC, STARTS

LoopScope = Literal["session", "package", "module", "class", "function"]


def _applications(scope: LoopScope) -> Any:
    @pytest_asyncio.fixture(scope=scope, loop_scope=scope, name=f"pyfly_apps_of_{scope}_loop")
    async def applications(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
        """The applications that run in this loop; they are stopped before it ends."""
        from pyfly.testing.applications import ApplicationCache

        starts = request.config.stash[STARTS]
        cache = ApplicationCache(lambda key: starts.update((key,)))
        try:
            yield cache
        finally:
            await cache.close()

    return applications


def _application(scope: LoopScope) -> Any:
    @pytest_asyncio.fixture(loop_scope=scope, name=f"pyfly_app_of_{scope}_loop")
    async def application(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
        """The application that the test wants, started in this loop; its connections are to be given back."""
        from pyfly.testing.connections import check_connections

        found = await request.node.stash[CACHE].get(request.node.stash[SPEC])
        yield found
        await check_connections(found)

    return application


pyfly_apps_of_session_loop = _applications("session")
pyfly_apps_of_package_loop = _applications("package")
pyfly_apps_of_module_loop = _applications("module")
pyfly_apps_of_class_loop = _applications("class")
pyfly_apps_of_function_loop = _applications("function")

pyfly_app_of_session_loop = _application("session")
pyfly_app_of_package_loop = _application("package")
pyfly_app_of_module_loop = _application("module")
pyfly_app_of_class_loop = _application("class")
pyfly_app_of_function_loop = _application("function")
