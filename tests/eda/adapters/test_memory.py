"""Events inside one application."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pyfly.eda import ErrorStrategy, EventBusStoppedError, EventEnvelope
from pyfly.eda.adapters import InMemoryDeadLetterStore, InMemoryEventBus
from tests.eda.support import NOON, Failing, bus_with

Handler = Callable[[EventEnvelope], Awaitable[None]]


class Recording:
    """Makes handlers that note their name and the event type."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []

    def handler(self, name: str) -> Handler:
        async def handle(envelope: EventEnvelope) -> None:
            self.log.append((name, envelope.event_type))

        return handle


@pytest.fixture
def heard() -> Recording:
    return Recording()


class Happened: ...


class Placed(Happened):
    event_type = "order.placed"


async def test_everybody_whose_pattern_matches_has_the_event_when_publish_returns(heard: Recording) -> None:
    bus = InMemoryEventBus()
    for pattern in ("user.*", "*", "user.created", "order.*"):
        bus.subscribe(pattern, heard.handler(pattern))
    await bus.publish("users", "user.created", {"id": 1})
    assert heard.log == [(pattern, "user.created") for pattern in ("user.*", "*", "user.created")]


async def test_the_envelope_carries_what_was_published() -> None:
    bus = bus_with()
    seen: list[EventEnvelope] = []
    bus.subscribe("*", lambda envelope: _noted(seen, envelope))
    headers = {"tenant": "eu"}
    await bus.publish("users", "user.created", {"id": 1}, headers)
    headers["tenant"] = "us"
    (envelope,) = seen
    assert (envelope.destination, envelope.event_type, envelope.payload) == (
        "users",
        "user.created",
        {"id": 1},
    )
    assert (envelope.headers, envelope.timestamp) == ({"tenant": "eu"}, NOON)


async def _noted(log: list[Any], value: Any) -> None:
    log.append(value)


async def test_a_destination_alone_is_no_event() -> None:
    with pytest.raises(TypeError, match="a text is no event"):
        await InMemoryEventBus().publish("orders")


async def test_an_event_that_nobody_wants_is_fine() -> None:
    await InMemoryEventBus().publish("users", "user.created", {})


async def test_an_object_reaches_listeners_of_its_class_of_its_bases_and_of_its_event_type(
    heard: Recording,
) -> None:
    bus = InMemoryEventBus()
    for wanted in (Placed, Happened, object, "order.*", int, "user.*"):
        bus.listen(wanted, heard.handler(str(wanted)))
    await bus.publish(Placed())
    assert [name for name, _ in heard.log] == [str(each) for each in (Placed, Happened, object, "order.*")]
    assert {event_type for _, event_type in heard.log} == {"order.placed"}


async def test_an_object_published_by_its_parts_reaches_listeners_of_its_class(heard: Recording) -> None:
    bus = InMemoryEventBus()
    bus.listen(Placed, heard.handler("placed"))
    bus.listen(dict, heard.handler("dict"))
    await bus.publish("orders", "order.imported", Placed())
    await bus.publish("orders", "order.imported", {})
    assert heard.log == [("placed", "order.imported"), ("dict", "order.imported")]


async def test_a_listener_of_several_things_hears_an_event_once(heard: Recording) -> None:
    bus = InMemoryEventBus()
    bus.listen(("order.*", "*", Placed), heard.handler("one"))
    await bus.publish(Placed())
    assert len(heard.log) == 1


async def test_listeners_are_called_by_order_and_then_as_they_came(heard: Recording) -> None:
    bus = InMemoryEventBus()
    for name, order in (("c", 1), ("a", -1), ("b1", 0), ("d", 1), ("b2", 0)):
        bus.listen("*" if order else Placed, heard.handler(name), order=order)
    await bus.publish(Placed())
    assert [name for name, _ in heard.log] == ["a", "b1", "b2", "c", "d"]


async def test_handlers_may_be_sync(heard: Recording) -> None:
    bus = InMemoryEventBus()
    seen: list[EventEnvelope] = []
    bus.subscribe("*", seen.append)  # type: ignore[arg-type]
    await bus.publish("users", "user.created", {})
    assert len(seen) == 1


async def test_who_is_cancelled_hears_no_more_and_who_joins_hears_the_next(heard: Recording) -> None:
    bus = InMemoryEventBus()
    first = bus.subscribe("*", heard.handler("first"))
    await bus.publish("a", "a.b", {})
    first.cancel()
    first.cancel()
    bus.subscribe("*", heard.handler("second"))
    await bus.publish("a", "a.c", {})
    assert heard.log == [("first", "a.b"), ("second", "a.c")]


async def test_who_joins_during_a_publication_hears_the_next_one(heard: Recording) -> None:
    bus = InMemoryEventBus()

    async def join(envelope: EventEnvelope) -> None:
        bus.subscribe("*", heard.handler("joined"))

    bus.subscribe("a.first", join)
    await bus.publish("a", "a.first", {})
    await bus.publish("a", "a.second", {})
    assert heard.log == [("joined", "a.second")]


async def test_a_failing_listener_costs_no_other_its_turn_and_does_not_reach_the_publisher(
    heard: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    bus = InMemoryEventBus()
    bus.subscribe("*", Failing(1))
    bus.subscribe("*", heard.handler("other"))
    with caplog.at_level(logging.ERROR, "pyfly.eda"):
        await bus.publish("a", "a.b", {})
    assert heard.log == [("other", "a.b")]
    assert [record.message for record in caplog.records] == ["tests.eda.support.Failing failed on a.b"]


async def test_the_failures_of_those_who_fail_fast_reach_the_publisher_after_everybodys_turn(
    heard: Recording,
) -> None:
    bus = bus_with(ErrorStrategy.FAIL_FAST)
    bus.subscribe("*", Failing(1))
    bus.subscribe("*", Failing(1, ValueError))
    bus.subscribe("*", heard.handler("other"))
    with pytest.raises(OSError, match="failure 1") as raised:
        await bus.publish("a", "a.b", {})
    assert raised.value.__notes__ == ["Another listener failed too: ValueError: failure 1"]
    assert heard.log == [("other", "a.b")]


async def test_retries_begin_when_everybody_has_had_a_turn(heard: Recording) -> None:
    bus = bus_with(ErrorStrategy.RETRY)
    failing = Failing(1)

    async def handle(envelope: EventEnvelope) -> None:
        heard.log.append(("failing", envelope.event_type))
        await failing(envelope)

    bus.subscribe("*", handle)
    bus.subscribe("*", heard.handler("other"))
    await bus.publish("a", "a.b", {})
    assert [name for name, _ in heard.log] == ["failing", "other", "failing"]


async def test_cancellation_is_no_failure_of_a_listener() -> None:
    bus = InMemoryEventBus()

    async def wait(envelope: EventEnvelope) -> None:
        await asyncio.Event().wait()

    bus.subscribe("*", wait)
    task = asyncio.create_task(bus.publish("a", "a.b", {}))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await bus.dead_letters.all() == ()


async def test_a_stopped_bus_refuses_events_until_it_is_started_again(heard: Recording) -> None:
    bus = InMemoryEventBus()
    bus.subscribe("*", heard.handler("one"))
    await bus.start()
    await bus.publish("a", "a.b", {})
    await bus.stop()
    with pytest.raises(EventBusStoppedError, match=r"Event a\.b came after"):
        await bus.publish("a", "a.b", {})
    await bus.start()
    await bus.publish("a", "a.b", {})
    assert len(heard.log) == 2


async def test_made_up_event_types_do_not_fill_the_memory(heard: Recording) -> None:
    bus = InMemoryEventBus()
    bus.subscribe("*", heard.handler("one"))
    for number in range(3000):
        await bus.publish("a", f"a.{number}", {})
    assert len(bus._routes) <= 1000
    assert len(heard.log) == 3000


async def test_concurrent_publications_and_subscriptions_lose_nothing(heard: Recording) -> None:
    bus = InMemoryEventBus()
    bus.subscribe("*", heard.handler("first"))

    async def publish(number: int) -> None:
        handle = await asyncio.to_thread(bus.subscribe, f"b.{number}", heard.handler("more"))
        await bus.publish("b", f"b.{number}", {})
        handle.cancel()

    await asyncio.gather(*(publish(number) for number in range(50)))
    assert sorted(heard.log) == sorted(
        (who, f"b.{number}") for number in range(50) for who in ("first", "more")
    )


async def test_the_store_forgets_the_oldest_letters_beyond_its_capacity() -> None:
    bus = bus_with(ErrorStrategy.DEAD_LETTER)
    bus.subscribe("*", Failing(9))
    for number in range(3):
        await bus.publish("a", f"a.{number}", {})
    store = InMemoryDeadLetterStore(capacity=2)
    for letter in await bus.dead_letters.all():
        await store.add(letter)
    assert [letter.envelope.event_type for letter in await store.all()] == ["a.1", "a.2"]
