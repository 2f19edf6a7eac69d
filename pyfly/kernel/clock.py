"""The only place that asks the operating system for the time, so that tests can replace it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable


@runtime_checkable
class Clock(Protocol):
    """Port: the time of day, elapsed time and waiting."""

    def now(self) -> datetime:
        """Return the current instant as an aware UTC ``datetime``."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards; only differences have a meaning."""

    async def sleep(self, seconds: float) -> None:
        """Return after *seconds*; zero or less only lets other tasks run."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the current instant as an aware UTC ``datetime``."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the seconds of the machine's monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Suspend the current task for *seconds*."""
        import asyncio  # the kernel is imported by programs that never run a loop

        await asyncio.sleep(max(seconds, 0.0))


def timestamps_of(clock: Clock) -> Callable[[], float]:
    """Return what reads *clock* as seconds since 1970, which is faster than as a date."""
    return time.time if type(clock) is SystemClock else lambda: clock.now().timestamp()


class FixedClock:
    """A clock that stands still, for code that only asks what time it is.

    Sleeping takes no time and does not move the clock.
    """

    def __init__(self, instant: datetime) -> None:
        """Stop at *instant*, which must be aware; it is converted to UTC."""
        if instant.tzinfo is None:
            raise ValueError(
                f"{instant!r} has no time zone; pass an aware datetime, such as one with tzinfo=UTC"
            )
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant given at construction."""
        return self._instant

    def monotonic(self) -> float:
        """Return the instant's Unix time."""
        return self._instant.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Let other tasks run once, whatever *seconds* says."""
        import asyncio  # as in SystemClock

        await asyncio.sleep(0)
