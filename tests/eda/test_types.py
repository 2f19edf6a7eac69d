"""Envelopes and strategies."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, asdict, replace
from datetime import UTC, datetime
from threading import Barrier

import pytest

from pyfly.eda import DeadLetter, ErrorStrategy, EventEnvelope
from pyfly.eda.adapters import InMemoryEventBus
from pyfly.eda.types import event_type_of
from pyfly.kernel.clock import SystemClock


async def published(payload: object) -> EventEnvelope:
    bus, seen = InMemoryEventBus(), []

    async def handler(envelope: EventEnvelope) -> None:
        seen.append(envelope)

    bus.subscribe("*", handler)
    await bus.publish("orders", "order.placed", payload)
    return seen[0]


def test_an_envelope_needs_three_values_and_has_the_others() -> None:
    first, second = (EventEnvelope("order.placed", {"id": 1}, "orders") for _ in range(2))
    assert first.event_id != second.event_id
    assert first.timestamp.tzinfo is UTC
    assert (first.headers, first.causation_id, first.version) == ({}, None, 1)
    assert first.correlation_id == first.event_id


async def test_a_published_envelope_keeps_one_id_wherever_it_is_looked_at_first() -> None:
    for look in (
        copy.copy,
        copy.deepcopy,
        lambda each: pickle.loads(pickle.dumps(each)),
        replace,
        lambda each: EventEnvelope(**asdict(each)),
    ):
        envelope = await published({"id": 1})
        twin = look(envelope)
        assert twin.event_id == envelope.event_id == envelope.correlation_id == twin.correlation_id
        assert twin == envelope


async def test_a_published_envelope_cannot_be_changed() -> None:
    envelope = await published({"id": 1})
    with pytest.raises(FrozenInstanceError):
        envelope.payload = {}  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del envelope.event_id


async def test_threads_that_look_at_an_envelope_at_once_see_one_id() -> None:
    for _ in range(50):
        envelope = await published({})
        together = Barrier(4)

        def look(envelope: EventEnvelope = envelope, together: Barrier = together) -> tuple[str, datetime]:
            together.wait(5)
            return envelope.correlation_id, envelope.timestamp

        with ThreadPoolExecutor(4) as threads:
            seen = [each.result(5) for each in [threads.submit(look) for _ in range(4)]]
        assert set(seen) == {(envelope.event_id, envelope.timestamp)}


async def test_an_attribute_that_an_envelope_does_not_have_is_missed() -> None:
    with pytest.raises(AttributeError, match="no attribute 'topic'"):
        _ = (await published({})).topic  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["log-and-continue", "LOG_AND_CONTINUE", "log_and_continue", "Log-And-Continue"]
)
def test_a_strategy_is_found_in_every_spelling(text: str) -> None:
    assert ErrorStrategy(text) is ErrorStrategy.LOG_AND_CONTINUE


def test_an_unknown_strategy_is_told_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="did you mean RETRY"):
        ErrorStrategy("retyr")


def test_the_event_type_of_an_object_is_its_class_unless_the_class_names_another() -> None:
    class OrderPlaced: ...

    class OrderPaid:
        event_type = "order.paid"

    assert event_type_of(OrderPlaced) == "OrderPlaced"
    assert event_type_of(OrderPaid) == "order.paid"


def test_a_dead_letter_names_the_destination_that_brokers_keep_it_in() -> None:
    letter = DeadLetter(
        envelope=EventEnvelope("order.placed", {}, "orders"),
        listener="mailer",
        error_type="OSError",
        error_message="full",
        attempts=1,
        failed_at=SystemClock().now(),
    )
    assert letter.destination == "orders.dlq"
