"""The time that is left for the work at hand, carried by the context to everything that is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import OperationTimeoutException
from pyfly.resilience.durations import Duration, seconds
from pyfly.resilience.policy import SYSTEM_CLOCK


class Deadline:
    """A moment after which nobody waits for the result any more.

    Clients of databases, brokers and HTTP services ask :meth:`current` and use :meth:`remaining` as
    their time-out, so that the budget of a request is handed on instead of starting anew.
    """

    __slots__ = ("_at", "_clock")

    def __init__(self, at: float, clock: Clock = SYSTEM_CLOCK) -> None:
        """Fix the moment at which ``clock.monotonic()`` is *at*; :meth:`after` is more convenient."""
        self._at = at
        self._clock = clock

    @classmethod
    def after(cls, timeout: Duration, clock: Clock = SYSTEM_CLOCK) -> Deadline:
        """Return the moment *timeout* from now."""
        return cls(clock.monotonic() + seconds(timeout, "timeout"), clock)

    @staticmethod
    def current() -> Deadline | None:
        """Return the deadline of the work that runs here, or ``None`` when there is none."""
        return current.get()

    @property
    def expired(self) -> bool:
        """Whether the moment has passed."""
        return self.remaining() <= 0

    def remaining(self) -> float:
        """Return the seconds that are left; 0 when the moment has passed."""
        return max(self._at - self._clock.monotonic(), 0.0)

    def check(self) -> None:
        """Do nothing while there is time.

        Raises:
            OperationTimeoutException: The moment has passed.
        """
        if self.expired:
            raise OperationTimeoutException("The deadline has passed")

    def __repr__(self) -> str:
        return f"<Deadline in {self.remaining():g} s>"


current: Final[ContextVar[Deadline | None]] = ContextVar("pyfly.resilience.deadline", default=None)


def remaining_or(limit: float) -> float:
    """Return *limit*, or the seconds that the current deadline leaves if those are fewer."""
    deadline = current.get()
    return limit if deadline is None else min(limit, deadline.remaining())


@contextmanager
def deadline(timeout: Duration, clock: Clock = SYSTEM_CLOCK) -> Iterator[Deadline]:
    """Give the block *timeout*, or what an outer deadline leaves if that is less.

    It interrupts nothing by itself: policies wait no longer than it allows, and code that is about
    to start something can ask it. Use ``@time_limiter`` to have a call cut off.
    """
    limit = Deadline(clock.monotonic() + remaining_or(seconds(timeout, "timeout")), clock)
    token = current.set(limit)
    try:
        yield limit
    finally:
        current.reset(token)
