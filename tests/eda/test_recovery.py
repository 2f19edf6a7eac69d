"""What the failure of a listener leads to."""

import asyncio
import logging
from datetime import timedelta

import pytest

from pyfly.eda import Backoff, DeadLetter, DeadLetters, ErrorStrategy, EventEnvelope, Recovery
from pyfly.eda.adapters import InMemoryDeadLetterStore, InMemoryEventBus
from tests.eda.support import NOON, Failing, PatientClock, bus_with


@pytest.mark.parametrize(
    ("strategy", "level"), [("ignore", logging.DEBUG), ("log-and-continue", logging.ERROR)]
)
async def test_a_failure_is_ignored_or_logged(
    strategy: str, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    bus = bus_with(ErrorStrategy.FAIL_FAST)
    bus.listen("*", Failing(1), error_strategy=strategy, name="mailer")
    with caplog.at_level(logging.DEBUG, "pyfly.eda"):
        await bus.publish("a", "a.b", {})
    (record,) = caplog.records
    assert record.levelno == level
    assert record.message.startswith("mailer failed on a.b")
    assert await bus.dead_letters.all() == ()


async def test_an_event_is_delivered_again_with_growing_pauses_until_it_is_handled() -> None:
    clock, failing = PatientClock(), Failing(3)
    bus = bus_with(ErrorStrategy.RETRY, clock, max_attempts=5, max_delay=timedelta(milliseconds=300))
    bus.subscribe("*", failing)
    await bus.publish("a", "a.b", {"id": 1})
    assert failing.handled == [{"id": 1}]
    assert clock.slept == pytest.approx([0.1, 0.2, 0.3])
    assert await bus.dead_letters.all() == ()


async def test_an_event_that_fails_every_time_becomes_a_dead_letter_and_reaches_no_publisher() -> None:
    clock, failing = PatientClock(), Failing(9)
    bus = bus_with(ErrorStrategy.RETRY, clock)
    bus.listen("*", failing, name="mailer")
    await bus.publish("a", "a.b", {"id": 1})
    (letter,) = await bus.dead_letters.all()
    assert (failing.calls, clock.slept) == (3, [0.1, 0.2])
    assert (letter.listener, letter.error_type, letter.error_message) == ("mailer", "OSError", "failure 3")
    assert (letter.attempts, letter.failed_at, letter.envelope.payload) == (3, NOON, {"id": 1})


async def test_a_publisher_that_is_cancelled_between_attempts_leaves_a_dead_letter() -> None:
    waiting = asyncio.Event()

    class NeverAgain(PatientClock):
        async def sleep(self, seconds: float) -> None:
            waiting.set()
            await asyncio.Event().wait()

    bus = bus_with(ErrorStrategy.RETRY, NeverAgain())
    bus.subscribe("*", Failing(9))
    task = asyncio.create_task(bus.publish("a", "a.b", {}))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (letter,) = await bus.dead_letters.all()
    assert letter.attempts == 1


async def test_a_store_that_fails_too_costs_no_other_listener_its_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(InMemoryDeadLetterStore):
        async def add(self, letter: DeadLetter) -> None:
            raise ConnectionError("no store")

    bus = InMemoryEventBus(Recovery(DeadLetters(Broken()), ErrorStrategy.DEAD_LETTER))
    second = Failing(0)
    bus.subscribe("*", Failing(1))
    bus.subscribe("*", second)
    await bus.publish("a", "a.b", {})
    assert second.calls == 1
    assert "could not be kept" in caplog.text


def test_pauses_grow_to_the_longest() -> None:
    backoff = Backoff(
        max_attempts=5, delay=timedelta(seconds=1), multiplier=3, max_delay=timedelta(seconds=5)
    )
    assert list(backoff.pauses()) == [1, 3, 5, 5]
    assert list(Backoff(max_attempts=1).pauses()) == []


async def test_the_event_being_retried_is_the_cause_of_what_it_publishes() -> None:
    bus = bus_with(ErrorStrategy.RETRY)
    seen: list[EventEnvelope] = []
    failing = Failing(1)

    async def first(envelope: EventEnvelope) -> None:
        await failing(envelope)
        await bus.publish("a", "a.second", {})

    bus.subscribe("a.first", first)
    bus.subscribe("*", seen.append)  # type: ignore[arg-type]
    await bus.publish("a", "a.first", {})
    causes = {each.event_type: each for each in seen}
    assert causes["a.second"].causation_id == causes["a.first"].event_id
