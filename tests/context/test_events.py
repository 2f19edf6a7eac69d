"""Application events."""

from collections.abc import Callable
from typing import Any

import pytest

from pyfly.container import component, order
from pyfly.container.interception import MethodInterceptor, MethodTarget
from pyfly.context import (
    ApplicationEvent,
    ApplicationEventBus,
    ApplicationReadyEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
    app_event_listener,
    post_construct,
)
from pyfly.context.events import TransactionPhase
from tests.context.support import context_of

Method = Callable[..., Any]


class Placed(ApplicationEvent):
    def __init__(self, number: int) -> None:
        self.number = number


class Shipped:
    """Any object can be an event."""


@order(-1)
class Early: ...


@order(1)
class Late: ...


async def test_listeners_are_called_in_order_whatever_type_they_wait_for() -> None:
    bus, log = ApplicationEventBus(), []
    bus.subscribe(Placed, lambda event: log.append("late"), owner_cls=Late)
    bus.subscribe(ApplicationEvent, lambda event: log.append("none"))
    bus.subscribe(object, lambda event: log.append("early"), owner_cls=Early)
    bus.subscribe(Placed, lambda event: log.append("second"))
    bus.subscribe(Shipped, lambda event: log.append("never"))
    await bus.publish(Placed(1))
    assert log == ["early", "none", "second", "late"]


async def test_listeners_may_be_async_and_are_awaited_one_after_another() -> None:
    bus, log = ApplicationEventBus(), []

    async def slow(event: Placed) -> None:
        log.append(f"begin {event.number}")
        log.append(f"end {event.number}")

    bus.subscribe(Placed, slow)
    bus.subscribe(Placed, lambda event: log.append("sync"))
    await bus.publish(Placed(7))
    assert log == ["begin 7", "end 7", "sync"]


async def test_a_failing_listener_costs_no_other_its_turn_and_the_publisher_hears_of_all() -> None:
    bus, log = ApplicationEventBus(), []

    def fail(text: str) -> None:
        raise OSError(text)

    bus.subscribe(Placed, lambda event: fail("first"))
    bus.subscribe(Placed, lambda event: fail("second"))
    bus.subscribe(Placed, lambda event: log.append("called"))
    with pytest.raises(OSError, match="first") as raised:
        await bus.publish(Placed(1))
    assert log == ["called"]
    assert raised.value.__notes__ == ["Another listener failed too: OSError: second"]


async def test_a_listener_that_joins_later_hears_the_next_event() -> None:
    bus = ApplicationEventBus()
    log: list[Shipped] = []
    await bus.publish(Shipped())
    bus.subscribe(Shipped, log.append)
    shipped = Shipped()
    await bus.publish(shipped)
    assert log == [shipped]


LOG: list[str] = []


@component
class Listener:
    @app_event_listener
    async def on_refreshed(self, event: ContextRefreshedEvent) -> None:
        LOG.append("refreshed")

    @app_event_listener
    def on_ready(self, event: ApplicationReadyEvent) -> str:
        LOG.append("ready")
        return "not an event"

    @app_event_listener
    def on_any(self, event: "ApplicationEvent") -> None:
        LOG.append(type(event).__name__)

    @app_event_listener
    def on_shipped(self, event: Shipped) -> None:
        LOG.append("shipped")

    @app_event_listener
    def on_closed(self, event: ContextClosedEvent) -> None:
        LOG.append("closed")


class Silenced(Listener):
    """Overrides a listener without saying that it listens."""

    def on_any(self, event: ApplicationEvent) -> None:
        raise AssertionError("it does not listen")


async def test_listener_methods_of_beans_hear_the_life_of_the_context_and_any_object() -> None:
    LOG.clear()
    context = context_of(Listener)
    async with context:
        await context.get_bean(ApplicationEventBus).publish(Shipped())
    assert LOG == [
        "refreshed", "ContextRefreshedEvent", "ready", "ApplicationReadyEvent", "shipped", "ContextClosedEvent", "closed",
    ]  # fmt: skip


async def test_an_override_without_the_decorator_does_not_listen() -> None:
    LOG.clear()
    async with context_of(Silenced):
        assert LOG == ["refreshed", "ready"]


async def test_an_object_with_two_names_hears_each_event_once() -> None:
    class Port: ...

    LOG.clear()
    listener = Listener()
    context = context_of()
    context.container.register_instance(listener)
    context.container.register_instance(listener, Port)
    async with context:
        assert LOG.count("refreshed") == LOG.count("ready") == 1


async def test_beans_are_ordered_by_the_order_of_their_class() -> None:
    heard: list[str] = []

    class First:
        @app_event_listener
        def listen(self, event: ContextRefreshedEvent) -> None:
            heard.append(type(self).__name__)

    class Second(First): ...

    async with context_of(order(2)(First), order(1)(Second)):
        assert heard == ["Second", "First"]


async def test_an_event_published_before_the_start_is_complete_reaches_nobody() -> None:
    heard: list[object] = []

    class Publisher:
        def __init__(self, bus: ApplicationEventBus) -> None:
            self.bus = bus

        @post_construct
        async def publish(self) -> None:
            await self.bus.publish(Shipped())

        @app_event_listener
        def listen(self, event: Shipped) -> None:
            heard.append(event)

    async with context_of(Publisher):
        assert heard == []


class HeldBack(TransactionPhase):
    """A transaction that commits when the test says so."""

    def __init__(self) -> None:
        self.is_running = True
        self.callbacks: list[Callable[[], Any]] = []

    def after_commit(self, callback: Callable[[], Any]) -> bool:
        if self.is_running:
            self.callbacks.append(callback)
        return self.is_running

    def before_commit(self, callback: Callable[[], Any]) -> bool:
        return self.after_commit(callback)

    def after_rollback(self, callback: Callable[[], Any]) -> bool:
        return self.after_commit(callback)


@component
class Patient:
    @app_event_listener(phase="after-commit")
    def on_placed(self, event: Placed) -> None:
        LOG.append(f"placed {event.number}")


async def test_a_listener_may_wait_for_the_commit_of_the_transaction_that_an_event_is_published_in() -> None:
    LOG.clear()
    transaction = HeldBack()
    context = context_of(Patient)
    context.container.register_instance(transaction)
    async with context:
        await context.event_bus.publish(Placed(1))
        assert LOG == []
        for callback in transaction.callbacks:
            await callback()
        assert LOG == ["placed 1"]
        transaction.is_running = False
        await context.event_bus.publish(Placed(2))
        assert LOG == ["placed 1", "placed 2"]


async def test_without_anybody_who_manages_transactions_nobody_waits() -> None:
    LOG.clear()
    async with context_of(Patient) as context:
        await context.event_bus.publish(Placed(1))
    assert LOG == ["placed 1"]


def test_a_phase_that_does_not_exist_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="after_comit"):
        app_event_listener(phase="after_comit")(lambda event: None)


class Louder(MethodInterceptor):
    """Advises every listener."""

    def intercept(self, target: MethodTarget) -> Callable[[Method], Method] | None:
        def wrap(proceed: Method) -> Method:
            def advised(bean: object, *args: object) -> object:
                LOG.append("advised")
                return proceed(bean, *args)

            return advised

        return wrap if target.cls is Patient else None


async def test_a_listener_that_is_advised_hears_events_through_its_advice() -> None:
    LOG.clear()
    async with context_of(Louder, Patient) as context:
        await context.event_bus.publish(Placed(1))
    assert LOG == ["advised", "placed 1"]


@component
class Undertaker:
    @app_event_listener(phase="after_rollback")
    def on_placed(self, event: Placed) -> None:
        LOG.append(f"buried {event.number}")


async def test_where_nothing_rolls_back_nobody_hears_of_a_rollback() -> None:
    LOG.clear()
    async with context_of(Undertaker) as context:
        await context.event_bus.publish(Placed(1))
    assert LOG == []
