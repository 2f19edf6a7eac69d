"""Stores for one process; what the tests of an application use in place of a server."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

from pyfly.kernel.clock import Clock
from pyfly.resilience.policy import SYSTEM_CLOCK
from pyfly.resilience.ports.outbound import Bucket, Grant

_ROUNDING = 1e-9  # seconds by which who comes back when told may be early without being refused


class MemoryTokenStore:
    """Keeps of each bucket the moment at which it will be full; a full one is forgotten."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Tell the time by *clock*, or by that of the machine."""
        self._clock = clock if clock is not None else SYSTEM_CLOCK
        self._full_at: dict[str, float] = {}
        self._lock = Lock()

    async def take(self, key: str, bucket: Bucket, limit: float) -> Grant:
        """Take a token of *key* that is there now or within *limit* seconds."""
        return self.take_sync(key, bucket, limit)

    async def give_back(self, key: str, bucket: Bucket, mark: str) -> bool:
        """Return the token of *mark* if it is the last that was taken."""
        with self._lock:
            full_at = self._full_at.get(key)
            if full_at is None or repr(full_at) != mark:
                return False
            self._full_at[key] = full_at - bucket.interval
            return True

    def take_sync(self, key: str, bucket: Bucket, limit: float) -> Grant:
        """Take a token as :meth:`take` does."""
        with self._lock:
            now = self._clock.monotonic()
            full_at = max(self._full_at.get(key, now), now)
            missing = full_at + bucket.interval - now - bucket.size * bucket.interval
            if missing > limit + _ROUNDING:
                return Grant(False, missing)
            self._full_at.pop(key, None)  # goes to the end, so that the first one is the longest unused
            self._full_at[key] = full_at = full_at + bucket.interval
            self._forget_full(now)
            return Grant(True, missing if missing > _ROUNDING else 0.0, repr(full_at))

    def _forget_full(self, now: float) -> None:
        oldest = next(iter(self._full_at))
        if self._full_at[oldest] <= now:
            del self._full_at[oldest]


class _Held(NamedTuple):
    token: str
    until: float
    fencing: int


class MemoryLockStore:
    """Keeps locks in a dictionary. One object is what its users share."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Tell the time by *clock*, or by that of the machine."""
        self._clock = clock if clock is not None else SYSTEM_CLOCK
        self._held: dict[str, _Held] = {}
        self._fencing = 0
        self._lock = Lock()

    async def acquire(self, name: str, token: str, ttl: float) -> int | None:
        """Take the lock, or return ``None`` when another token holds it."""
        with self._lock:
            held = self._holder(name)
            if held is not None:
                return held.fencing if held.token == token else None
            self._fencing += 1
            self._held[name] = _Held(token, self._clock.monotonic() + ttl, self._fencing)
            return self._fencing

    async def renew(self, name: str, token: str, ttl: float) -> bool:
        """Let *token* hold the lock for longer, if it does."""
        with self._lock:
            held = self._holder(name)
            if held is None or held.token != token:
                return False
            self._held[name] = held._replace(until=self._clock.monotonic() + ttl)
            return True

    async def release(self, name: str, token: str) -> bool:
        """Free the lock if *token* holds it."""
        with self._lock:
            held = self._holder(name)
            if held is None or held.token != token:
                return False
            del self._held[name]
            return True

    def _holder(self, name: str) -> _Held | None:
        held = self._held.get(name)
        if held is not None and held.until <= self._clock.monotonic():
            del self._held[name]
            return None
        return held
