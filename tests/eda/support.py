"""What tests of events share."""

from datetime import UTC, datetime
from typing import Any

from pyfly.eda import Backoff, DeadLetters, ErrorStrategy, EventEnvelope, Recovery
from pyfly.eda.adapters import InMemoryDeadLetterStore, InMemoryEventBus
from pyfly.kernel.clock import FixedClock

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class PatientClock(FixedClock):
    """Stands still, and remembers how long it was asked to sleep."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Failing:
    """A handler that fails some times, and then keeps what it is given."""

    def __init__(self, times: int, failure: type[Exception] = OSError) -> None:
        self.times = times
        self.failure = failure
        self.calls = 0
        self.handled: list[Any] = []

    async def __call__(self, envelope: EventEnvelope) -> None:
        self.calls += 1
        if self.calls <= self.times:
            raise self.failure(f"failure {self.calls}")
        self.handled.append(envelope.payload)


def bus_with(
    strategy: ErrorStrategy = ErrorStrategy.LOG_AND_CONTINUE,
    clock: PatientClock | None = None,
    **backoff: Any,
) -> InMemoryEventBus:
    """Return a bus whose listeners have *strategy* by default."""
    clock = clock or PatientClock()
    letters = DeadLetters(InMemoryDeadLetterStore(), clock)
    return InMemoryEventBus(Recovery(letters, strategy, Backoff(**backoff), clock), clock=clock)
