"""The context as programs use it."""

import subprocess
import sys
import warnings
from typing import Any

import pytest

from pyfly.container import (
    BeanCreationException,
    Container,
    NoSuchBeanError,
    Scope,
    component,
    order,
    service,
)
from pyfly.context import (
    ApplicationContext,
    ApplicationEventBus,
    ContextState,
    ContextStateError,
    Environment,
    post_construct,
)
from pyfly.core.config import Config
from tests.context.support import context_of


class Clock: ...


class Port: ...


class Impl(Port): ...


async def test_an_empty_context_starts_with_nothing_but_its_own_parts() -> None:
    async with ApplicationContext(Config({})) as context:
        assert context.bean_count >= 1
        assert context.providers == {}
        assert not context.has_work


async def test_the_parts_of_the_context_are_beans() -> None:
    class Curious:
        def __init__(
            self,
            context: ApplicationContext,
            config: Config,
            environment: Environment,
            events: ApplicationEventBus,
            container: Container,
        ) -> None:
            self.given = (context, config, environment, events, container)

    async with context_of(Curious) as context:
        parts = (context, context.config, context.environment, context.event_bus, context.container)
        assert context.get_bean(Curious).given == parts


async def test_beans_are_found_by_type_and_by_name() -> None:
    @service(name="impl")
    class Named(Impl): ...

    context = context_of(Named)
    context.register_bean(Clock, name="clock", scope=Scope.TRANSIENT)
    async with context:
        assert context.get_bean(Port) is context.get_bean_by_name("impl") is context.get_bean(Named)
        assert context.get_bean_by_name("clock") is not context.get_bean(Clock)
        assert context.contains_bean("clock")
        assert not context.contains_bean("Clock")
        assert await context.aget_bean(Port) is context.get_bean(Port)
        with pytest.raises(KeyError, match="No bean named 'nobody'"):
            context.get_bean_by_name("nobody")


async def test_beans_of_a_type_come_by_order() -> None:
    @order(2)
    class Second(Port): ...

    @order(1)
    class First(Port): ...

    class Third:
        """Joins by an explicit binding."""

    context = context_of(Second, First, Third)
    context.container.bind(Port, Third)
    async with context:
        assert [type(each) for each in context.get_beans_of_type(Port)] == [Third, First, Second]
        assert context.get_beans_of_type(Clock) == []


async def test_singletons_are_made_at_the_start_in_order_and_excluded_ones_never() -> None:
    made: list[str] = []

    def recording(name: str, **said: Any) -> type:
        def init(self: object) -> None:
            made.append(name)

        return component(**said)(type(name, (), {"__init__": init}))

    classes = [
        recording("Tie1"),
        recording("Last", order=5),
        recording("Lazy", lazy=True),
        recording("First", order=-5),
        recording("Tie2"),
        recording("Excluded", profile="prod"),
        recording("Fresh", scope=Scope.TRANSIENT),
    ]
    async with context_of(*classes, profiles=["dev"]) as context:
        assert made == ["First", "Tie1", "Tie2", "Last"]
        context.get_bean_by_name("Lazy")
        assert made[-1] == "Lazy"
        with pytest.raises(NoSuchBeanError):
            context.get_bean_by_name("Excluded")


async def test_a_request_scope_can_be_opened_outside_the_web() -> None:
    @component(scope=Scope.REQUEST)
    class Cart: ...

    async with context_of(Cart) as context:
        async with context.request_scope():
            cart = context.get_bean(Cart)
            assert context.get_bean(Cart) is cart
        async with context.request_scope():
            assert context.get_bean(Cart) is not cart


# States


async def test_starting_twice_does_nothing_the_second_time() -> None:
    calls: list[str] = []

    class Counted:
        @post_construct
        def count(self) -> None:
            calls.append("hook")

    context = context_of(Counted)
    await context.start()
    await context.start()
    assert calls == ["hook"]
    states = [context.state]
    assert context.is_ready
    await context.stop()
    await context.stop()
    assert [*states, context.state] == [ContextState.RUNNING, ContextState.STOPPED]
    assert not context.is_ready


async def test_stopping_what_was_never_started_does_nothing() -> None:
    context = context_of()
    await context.stop()
    assert context.state is ContextState.NEW
    await context.start()
    await context.stop()


async def test_a_stopped_context_cannot_be_started_again() -> None:
    context = context_of()
    async with context:
        pass
    with pytest.raises(ContextStateError, match="stopped"):
        await context.start()


async def test_a_failed_start_raises_what_names_the_bean_and_keeps_the_cause() -> None:
    failure = OSError("no disk")

    class Broken:
        def __init__(self) -> None:
            raise failure

    context = context_of(Broken)
    with pytest.raises(BeanCreationException, match="bean 'Broken' could not be created: no disk") as raised:
        await context.start()
    assert raised.value.__cause__ is failure
    assert any("phase 'create singletons'" in note for note in raised.value.__notes__)
    assert context.state is ContextState.STOPPED


async def test_any_other_failure_arrives_as_a_creation_failure_of_the_startup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failure = RuntimeError("something else")

    async def fail(*args: object) -> None:
        raise failure

    monkeypatch.setattr(ApplicationContext, "_do_start", fail)
    with pytest.raises(BeanCreationException, match="startup") as raised:
        await context_of().start()
    assert (raised.value.subsystem, raised.value.provider) == ("startup", "unknown")
    assert raised.value.__cause__ is failure


async def test_a_context_that_is_never_stopped_warns() -> None:
    context = context_of()
    await context.start()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        context.__del__()
    assert [str(each.message) for each in caught] == ["an ApplicationContext was started and never stopped"]
    await context.stop()


LIGHT = """
import asyncio, sys
from pyfly.context import ApplicationContext
from pyfly.core.config import Config

async def main():
    async with ApplicationContext(Config({})):
        heavy = {"starlette", "uvicorn", "sqlalchemy", "httpx", "redis", "aiokafka", "pydantic"}
        print(sorted(heavy & set(sys.modules)))

asyncio.run(main())
"""


def test_a_context_without_configuration_imports_no_library_of_a_subsystem() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
