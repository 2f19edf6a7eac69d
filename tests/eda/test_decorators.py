"""The decorators with a bus at hand, outside of any context."""

from dataclasses import dataclass
from typing import Any

import pytest

from pyfly.eda import EventEnvelope, EventPublisher, event_listener, event_publisher, publish_result
from pyfly.eda.adapters import InMemoryEventBus
from tests.eda.support import Failing


@pytest.fixture
def bus() -> InMemoryEventBus:
    return InMemoryEventBus()


@pytest.fixture
def seen(bus: InMemoryEventBus) -> list[EventEnvelope]:
    found: list[EventEnvelope] = []
    bus.subscribe("*", found.append)  # type: ignore[arg-type]
    return found


@dataclass
class Order:
    id: int


async def test_a_function_listens_from_its_decoration_on_and_stays_what_it_is(bus: InMemoryEventBus) -> None:
    heard = []

    async def listen(envelope: EventEnvelope) -> None:
        heard.append(envelope.event_type)

    assert event_listener(bus=bus, event_types=["user.*", "order.placed"])(listen) is listen
    for event_type in ("user.created", "order.placed", "order.paid"):
        await bus.publish("shop", event_type, {})
    assert heard == ["user.created", "order.placed"]


async def test_a_function_may_listen_by_type_and_have_a_strategy(bus: InMemoryEventBus) -> None:
    heard = []

    @event_listener(bus, error_strategy="dead-letter")
    def listen(order: Order) -> None:
        heard.append(order)
        raise OSError

    await bus.publish(Order(1))
    assert heard == [Order(1)]
    assert len(await bus.dead_letters.all()) == 1


async def test_a_method_is_not_subscribed_without_its_object(bus: InMemoryEventBus) -> None:
    class Mailer:
        @event_listener(bus, ["*"])
        def listen(self, envelope: EventEnvelope) -> None:
            raise AssertionError("nobody made a Mailer")

    await bus.publish("shop", "order.placed", {})
    assert await bus.dead_letters.all() == ()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"event_types": ["order..x"]}, "a segment is empty"),
        ({"error_strategy": "ignroe"}, "did you mean IGNORE"),
        ({"phase": "after_comit"}, "after_comit"),
    ],
)
def test_a_wrong_word_is_refused_where_it_is_written(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        event_listener(**arguments)


@pytest.mark.parametrize(
    ("timing", "log"),
    [
        ("BEFORE", ["event", "call"]),
        ("after", ["call", "event"]),
        ("BOTH", ["event", "call", "event"]),
    ],
)
async def test_arguments_are_published_around_the_call(
    timing: str, log: list[str], bus: InMemoryEventBus
) -> None:
    happened: list[str] = []
    bus.subscribe("*", lambda envelope: happened.append("event"))  # type: ignore[arg-type, return-value]

    @event_publisher(bus=bus, destination="orders", event_type="order.requested", timing=timing)
    async def request(order: Order) -> str:
        happened.append("call")
        return "done"

    assert await request(Order(1)) == "done"
    assert happened == log


async def test_arguments_are_published_by_name_with_defaults_and_objects_as_data(
    bus: InMemoryEventBus, seen: list[EventEnvelope]
) -> None:
    @event_publisher(bus, "orders", "order.requested")
    async def request(order: Order, quantity: int = 1) -> None: ...

    await request(Order(7))
    (event,) = seen
    assert (event.destination, event.event_type) == ("orders", "order.requested")
    assert event.payload == {"order": {"id": 7}, "quantity": 1}


async def test_the_object_of_a_method_is_never_published(
    bus: InMemoryEventBus, seen: list[EventEnvelope]
) -> None:
    class Orders:
        def __init__(self) -> None:
            self.password = "secret"

        @event_publisher(bus, "orders", "order.requested")
        async def request(self, id: int) -> str:
            return self.password

    assert await Orders().request(7) == "secret"
    assert seen[0].payload == {"id": 7}


async def test_a_call_that_fails_publishes_nothing_afterwards(
    bus: InMemoryEventBus, seen: list[EventEnvelope]
) -> None:
    @event_publisher(bus, "orders", "order.done", "AFTER")
    @publish_result(bus, "orders", "order.result")
    async def fail() -> None:
        raise OSError

    with pytest.raises(OSError):
        await fail()
    assert seen == []


@pytest.mark.parametrize(
    ("result", "payload"), [({"id": 1}, {"id": 1}), (42, {"result": 42}), (None, {"result": None})]
)
async def test_a_result_is_published_and_returned(
    result: object, payload: dict[str, object], bus: InMemoryEventBus, seen: list[EventEnvelope]
) -> None:
    @publish_result(bus=bus, destination="orders", event_type="order.made")
    async def make() -> object:
        return result

    assert await make() is result
    assert seen[0].payload == payload


async def test_a_result_is_published_only_on_its_condition(
    bus: InMemoryEventBus, seen: list[EventEnvelope]
) -> None:
    @publish_result(bus, "orders", "order.made", condition=lambda result: result > 1)
    async def make(number: int) -> int:
        return number

    await make(1)
    await make(2)
    assert [event.payload for event in seen] == [{"result": 2}]


def test_a_function_that_is_not_async_cannot_publish(bus: InMemoryEventBus) -> None:
    def request() -> None: ...

    with pytest.raises(TypeError, match="request cannot publish events: it is not an async function"):
        event_publisher(bus, "orders", "order.requested")(request)


def test_an_event_needs_a_type_and_a_known_timing(bus: InMemoryEventBus) -> None:
    with pytest.raises(ValueError, match="needs a type"):
        event_publisher(bus, "orders")
    with pytest.raises(ValueError, match="DURING"):
        event_publisher(bus, "orders", "order.requested", "DURING")


async def test_a_bus_that_only_knows_patterns_is_enough() -> None:
    class Small:
        def __init__(self) -> None:
            self.handlers: dict[str, Any] = {}

        def subscribe(self, event_type_pattern: str, handler: Any) -> None:
            self.handlers[event_type_pattern] = handler

        async def publish(self, destination: str, event_type: str, payload: Any, headers: Any = None) -> None:
            await self.handlers[event_type](EventEnvelope(event_type, payload, destination))

        async def start(self) -> None: ...
        async def stop(self) -> None: ...

    small, failing = Small(), Failing(0)
    assert isinstance(small, EventPublisher)
    event_listener(small, ["order.requested"])(failing.__call__)

    @event_publisher(small, "orders", "order.requested")
    async def request(id: int) -> None: ...

    await request(1)
    assert failing.handled == [{"id": 1}]
