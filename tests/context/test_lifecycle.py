"""``@post_construct`` and ``@pre_destroy``: when they are called, and in which order."""

import logging
from typing import Any

import pytest

from pyfly.container import Autowired, Scope, component
from pyfly.context import post_construct, pre_destroy
from tests.context.support import context_of

LOG: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    LOG.clear()


class Pool:
    def __init__(self) -> None:
        LOG.append("Pool()")

    @post_construct
    async def open(self) -> None:
        LOG.append("open")

    @pre_destroy
    async def close(self) -> None:
        LOG.append("close")


class Service:
    pool: Pool = Autowired()

    def __init__(self) -> None:
        LOG.append("Service()")

    @post_construct
    def warm(self) -> None:
        LOG.append(f"warm with {type(self.pool).__name__}")

    @post_construct
    def warm_more(self) -> None:
        LOG.append("warm more")

    @pre_destroy
    def flush(self) -> None:
        LOG.append("flush")

    @property
    def explosive(self) -> int:
        raise AssertionError("a property must not be evaluated")


def test_the_published_view_of_hooks() -> None:
    shown: Any = Pool
    assert shown.open.__pyfly_post_construct__ is True
    assert shown.close.__pyfly_pre_destroy__ is True
    assert not hasattr(shown.open, "__pyfly_pre_destroy__")


async def test_a_bean_is_complete_before_its_dependants_are_made_and_goes_after_them() -> None:
    async with context_of(Service, Pool):
        assert LOG == ["Pool()", "open", "Service()", "warm with Pool", "warm more"]
        LOG.clear()
    assert LOG == ["flush", "close"]


async def test_hooks_of_bases_run_first_and_an_undecorated_override_is_no_hook() -> None:
    class Special(Service):
        @post_construct
        def own(self) -> None:
            LOG.append("own")

        def warm_more(self) -> None:
            raise AssertionError("it is no hook")

    async with context_of(Special, Pool):
        assert LOG[2:] == ["Service()", "warm with Pool", "own"]


async def test_a_failing_pre_destroy_costs_no_other_its_turn(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Service):
        @pre_destroy
        def break_(self) -> None:
            raise OSError("cannot flush")

        @pre_destroy
        def after(self) -> None:
            LOG.append("after")

    context = context_of(Broken, Pool)
    await context.start()
    LOG.clear()
    with caplog.at_level(logging.ERROR, "pyfly.context"):
        await context.stop()
    assert LOG == ["flush", "after", "close"]
    assert "Bean 'Broken' could not be destroyed." in caplog.text
    assert "cannot flush" in caplog.text


@pytest.mark.parametrize("scope", [Scope.TRANSIENT, Scope.REQUEST], ids=str)
async def test_short_lived_beans_have_their_hooks_called_too(scope: Scope) -> None:
    @component(scope=scope)
    class Short:
        @post_construct
        def open(self) -> None:
            LOG.append("open")

        @pre_destroy
        def close(self) -> None:
            LOG.append("close")

    async with context_of(Short) as context:
        async with context.request_scope():
            context.get_bean(Short)
            assert LOG == ["open"]
        assert (["open", "close"] if scope is Scope.REQUEST else ["open"]) == LOG


async def test_async_hooks_of_request_beans_are_awaited() -> None:
    @component(scope=Scope.REQUEST)
    class Session(Pool): ...

    async with context_of(Session) as context, context.request_scope() as request:
        await request.aresolve(Session)
        assert LOG == ["Pool()", "open"]
    assert LOG == ["Pool()", "open", "close"]


async def test_a_lazy_bean_has_all_its_hooks_called_when_it_is_first_needed() -> None:
    @component(lazy=True)
    class Later(Service): ...

    async with context_of(Later, Pool) as context:
        assert LOG == ["Pool()", "open"]
        context.get_bean(Later)
        assert LOG[2:] == ["Service()", "warm with Pool", "warm more"]
    assert LOG[5:] == ["flush", "close"]


async def test_an_object_with_two_names_is_initialised_and_destroyed_once() -> None:
    class Port: ...

    pool = Pool()
    context = context_of()
    context.container.register_instance(pool)
    context.container.register_instance(pool, Port)
    async with context:
        assert LOG == ["Pool()", "open"]
    assert LOG == ["Pool()", "open", "close"]
