"""What a circuit breaker remembers of past calls: the last so many, or those of the last so many seconds."""

from __future__ import annotations

from collections import deque
from typing import Final, Protocol

_BUCKETS: Final = 10


class Window(Protocol):
    """The calls that count; used under the lock of its breaker."""

    calls: int
    failures: int
    slow: int

    def add(self, now: float, *, failed: bool, slow: bool) -> None:
        """Count a call that ended *now*, and forget those that have become too old."""


class CountWindow:
    """Remembers the last *size* calls."""

    __slots__ = ("_last", "_size", "calls", "failures", "slow")

    def __init__(self, size: int) -> None:
        """Start empty."""
        self._size = size
        self._last: deque[tuple[bool, bool]] = deque()
        self.calls = self.failures = self.slow = 0

    def add(self, now: float, *, failed: bool, slow: bool) -> None:
        """Count a call; the oldest makes room for it."""
        if self.calls == self._size:
            old_failed, old_slow = self._last.popleft()
            self.failures -= old_failed
            self.slow -= old_slow
        else:
            self.calls += 1
        self._last.append((failed, slow))
        self.failures += failed
        self.slow += slow


class TimeWindow:
    """Remembers the calls of the last *seconds*, in tenths of that time, whatever their number."""

    __slots__ = ("_buckets", "_width", "calls", "failures", "slow")

    def __init__(self, seconds: float) -> None:
        """Start empty."""
        self._width = seconds / _BUCKETS
        self._buckets: deque[list[int]] = deque()
        self.calls = self.failures = self.slow = 0

    def add(self, now: float, *, failed: bool, slow: bool) -> None:
        """Count a call in the bucket of *now*."""
        number = int(now / self._width)
        while self._buckets and self._buckets[0][0] <= number - _BUCKETS:
            _, calls, failures, slow_calls = self._buckets.popleft()
            self.calls -= calls
            self.failures -= failures
            self.slow -= slow_calls
        if not self._buckets or self._buckets[-1][0] < number:
            self._buckets.append([number, 0, 0, 0])
        bucket = self._buckets[-1]
        bucket[1] += 1
        bucket[2] += failed
        bucket[3] += slow
        self.calls += 1
        self.failures += failed
        self.slow += slow
