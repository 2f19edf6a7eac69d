"""Listener methods of beans: found, ordered, called, and let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pyfly.container import Scope, component, order, service
from pyfly.context import ContextRefreshedEvent, app_event_listener
from pyfly.eda import (
    DeadLetters,
    EventBusStoppedError,
    EventEnvelope,
    EventHandler,
    EventPublisher,
    event_listener,
)
from pyfly.eda.adapters import InMemoryEventBus
from pyfly.kernel.lifecycle import Lifecycle
from tests.context.support import context_of

LOG: list[Any] = []


@dataclass
class Placed:
    id: int


@pytest.fixture(autouse=True)
def empty_log() -> None:
    LOG.clear()


@order(2)
@component
class Late:
    @event_listener("order.*")
    async def listen(self, event: EventEnvelope) -> None:
        LOG.append("late")

    @order(-5)
    @event_listener("order.*")
    def first(self) -> None:
        LOG.append("first")


@component
class Early:
    @event_listener("order.*")
    def listen(self) -> None:
        LOG.append("early")


async def test_listeners_are_called_by_the_order_of_the_method_or_else_of_its_class() -> None:
    async with context_of(Late, Early) as context:
        await context.get_bean(InMemoryEventBus).publish("orders", "order.placed", {})
    assert LOG == ["first", "early", "late"]


@service
class Greeter(Lifecycle):
    """Publishes as early as a bean can."""

    def __init__(self, events: EventPublisher) -> None:
        self.events = events

    async def start(self) -> None:
        await self.events.publish(Placed(1))

    async def stop(self) -> None:
        await self.events.publish(Placed(3))

    @app_event_listener
    async def refreshed(self, event: ContextRefreshedEvent) -> None:
        await self.events.publish(Placed(2))


@component
class Counter:
    @event_listener
    def listen(self, event: Placed) -> None:
        LOG.append(event.id)


async def test_listeners_hear_what_beans_publish_from_their_start_to_their_stop() -> None:
    context = context_of(Greeter, Counter)
    async with context:
        events = context.get_bean(InMemoryEventBus)
        assert LOG == [1, 2]
    assert LOG == [1, 2, 3]
    with pytest.raises(EventBusStoppedError):
        await events.publish(Placed(4))
    assert LOG == [1, 2, 3]


@pytest.mark.parametrize("beans", [(), (Counter,)])
async def test_events_are_no_reason_for_an_application_to_go_on(beans: tuple[type, ...]) -> None:
    async with context_of(*beans) as context:
        assert not context.has_work


@component(scope=Scope.TRANSIENT)
class Fresh:
    @event_listener
    def listen(self, event: Placed) -> None:
        LOG.append(id(self))


async def test_a_bean_that_is_no_singleton_is_asked_for_at_each_event() -> None:
    async with context_of(Fresh) as context:
        for number in range(2):
            await context.get_bean(InMemoryEventBus).publish(Placed(number))
    assert len(LOG) == 2


async def test_an_object_with_two_names_hears_an_event_once() -> None:
    class Port: ...

    context = context_of()
    counter = Counter()
    context.container.register_instance(counter)
    context.container.register_instance(counter, Port)
    async with context:
        await context.get_bean(InMemoryEventBus).publish(Placed(1))
    assert LOG == [1]


class Base:
    @event_listener
    def listen(self, event: Placed) -> None:
        LOG.append("inherited")


@component
class Derived(Base): ...


@component
class Silenced(Base):
    def listen(self, event: Placed) -> None:
        raise AssertionError("it does not listen")


async def test_listeners_are_inherited_and_an_override_without_the_decorator_does_not_listen() -> None:
    async with context_of(Derived, Silenced) as context:
        await context.get_bean(InMemoryEventBus).publish(Placed(1))
    assert LOG == ["inherited"]


OWN_BUS = InMemoryEventBus()


@component
class Elsewhere:
    @event_listener(OWN_BUS, ["order.*"])
    async def listen(self, event: EventEnvelope) -> None:
        LOG.append(event.event_type)


async def test_a_method_may_listen_to_a_bus_of_its_own_while_its_context_runs() -> None:
    async with context_of(Elsewhere):
        await OWN_BUS.publish("orders", "order.placed", {})
    await OWN_BUS.publish("orders", "order.late", {})
    assert LOG == ["order.placed"]


@component
class Broker(EventPublisher):
    """A publisher that knows patterns only, and carries payloads as data."""

    def __init__(self) -> None:
        self.handlers: dict[str, EventHandler] = {}

    def subscribe(self, event_type_pattern: str, handler: EventHandler) -> None:
        self.handlers[event_type_pattern] = handler

    async def publish(
        self,
        destination: Any,
        event_type: str | None = None,
        payload: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        await self.handlers[str(event_type)](EventEnvelope(str(event_type), payload, destination))

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


@component
class Fragile:
    @event_listener("order.broken", error_strategy="dead-letter")
    def listen(self) -> None:
        raise OSError


async def test_a_publisher_of_the_application_replaces_the_bus_and_keeps_types_and_strategies() -> None:
    async with context_of(Broker, Counter, Fragile) as context:
        assert context.container.definitions_of(InMemoryEventBus) == ()
        await context.get_bean(Broker).publish("orders", "Placed", {"id": 7})
        await context.get_bean(Broker).publish("orders", "order.broken", {})
        assert [letter.listener for letter in await context.get_bean(DeadLetters).all()] == ["Fragile.listen"]
    assert LOG == [7]
