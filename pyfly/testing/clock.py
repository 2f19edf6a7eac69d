"""A clock that moves when the test says so."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from threading import Lock
from typing import ClassVar, Final

_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
_TURNS: Final = 20  # how often a woken task may await before the next deadline is looked at


@dataclass(order=True, slots=True)
class _Sleeper:
    deadline: float
    number: int
    loop: asyncio.AbstractEventLoop = field(compare=False)
    woken: "asyncio.Future[None]" = field(compare=False)


class TestClock:
    """A ``Clock`` that stands still until it is moved, and then wakes sleepers in the order of their time.

    :meth:`advance` moves it at once, from any kind of code. :meth:`elapse` lets time go by: it stops at
    each deadline on the way and gives the tasks it wakes their turn, so that a loop around ``sleep``
    runs as often as it would.
    """

    __test__: ClassVar = False  # pytest would take a class of this name for a test

    def __init__(self, now: datetime = _BEGINNING) -> None:
        """Start at *now*, which must be aware; it is converted to UTC."""
        if now.tzinfo is None:
            raise ValueError(f"{now!r} has no time zone; pass an aware datetime, such as one with tzinfo=UTC")
        self._start = now.astimezone(UTC)
        self._elapsed = 0.0
        self._sleepers: list[_Sleeper] = []
        self._count = 0
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the current instant as an aware UTC ``datetime``."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Return the seconds by which the clock has been moved."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has been moved by *seconds*; zero or less only lets other tasks run."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        with self._lock:
            self._count += 1
            sleeper = _Sleeper(self._elapsed + seconds, self._count, loop, loop.create_future())
            heappush(self._sleepers, sleeper)
        await sleeper.woken

    @property
    def sleepers(self) -> int:
        """How many tasks are asleep."""
        with self._lock:
            return sum(1 for each in self._sleepers if not each.woken.done())

    def advance(self, seconds: float | timedelta) -> None:
        """Move the clock at once; tasks whose time has come go on when the test next awaits."""
        self._elapsed += _positive(seconds)
        while (sleeper := self._due(self._elapsed)) is not None:
            self._wake(sleeper)

    async def elapse(self, seconds: float | timedelta) -> None:
        """Let time go by, from deadline to deadline; woken tasks run before it goes on.

        What a woken task waits for besides the clock, such as a socket, is not waited for.
        """
        target = self._elapsed + _positive(seconds)
        await _turns()
        while (sleeper := self._due(target)) is not None:
            self._elapsed = max(self._elapsed, sleeper.deadline)
            self._wake(sleeper)
            await _turns()
        self._elapsed = target
        await _turns()

    def _due(self, instant: float) -> _Sleeper | None:
        with self._lock:
            is_due = bool(self._sleepers) and self._sleepers[0].deadline <= instant
            return heappop(self._sleepers) if is_due else None

    @staticmethod
    def _wake(sleeper: _Sleeper) -> None:
        if _running_loop() is sleeper.loop:
            _settle(sleeper.woken)
        elif not sleeper.loop.is_closed():
            sleeper.loop.call_soon_threadsafe(_settle, sleeper.woken)


def _positive(seconds: float | timedelta) -> float:
    value = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
    if value < 0:
        raise ValueError(f"time does not go back: {value:g} s")
    return value


async def _turns() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _settle(woken: "asyncio.Future[None]") -> None:
    if not woken.done():
        woken.set_result(None)
