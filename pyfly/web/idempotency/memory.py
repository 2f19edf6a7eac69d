"""The store in the memory of this process."""

from collections import OrderedDict
from datetime import timedelta
from typing import Final

from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import ServiceUnavailableException
from pyfly.web.idempotency.ports import IdempotencyStore, Stored

_ENTRY: Final = 400
"""About how many bytes a key takes besides its response."""


class InMemoryIdempotencyStore(IdempotencyStore):
    """Keeps a bounded number of bounded responses; with several processes, each has its own."""

    def __init__(
        self, max_entries: int = 10_000, clock: Clock | None = None, max_size: int = 64 * 1024 * 1024
    ) -> None:
        """Keep *max_entries* in *max_size* bytes; the oldest ones go first, those that are being worked on stay.

        The newest response is kept whatever its size.
        """
        self._max_entries = max_entries
        self._max_size = max_size
        self._clock = clock or SystemClock()
        self._entries: OrderedDict[str, tuple[float, Stored]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        """Return how many keys are known."""
        return len(self._entries)

    async def reserve(self, key: str, fingerprint: str, ttl: timedelta) -> Stored | None:
        """Return what is known of *key*, or reserve it."""
        now = self._clock.monotonic()
        known = self._entries.get(key)
        if known is not None and known[0] > now:
            return known[1]
        self._forget(key)
        self._make_room(now)
        self._put(key, now, Stored(fingerprint), ttl)
        return None

    async def complete(self, key: str, stored: Stored, ttl: timedelta) -> None:
        """Keep *stored*."""
        self._forget(key)
        self._put(key, self._clock.monotonic(), stored, ttl)
        while self._size > self._max_size:
            oldest = self._oldest_response()
            if oldest is None or oldest == key:
                break
            self._forget(oldest)

    async def release(self, key: str) -> None:
        """Forget *key*."""
        self._forget(key)

    def _put(self, key: str, now: float, stored: Stored, ttl: timedelta) -> None:
        self._entries[key] = now + ttl.total_seconds(), stored
        self._size += _size_of(stored)

    def _forget(self, key: str) -> None:
        known = self._entries.pop(key, None)
        if known is not None:
            self._size -= _size_of(known[1])

    def _make_room(self, now: float) -> None:
        while self._entries:
            oldest, (ends, stored) = next(iter(self._entries.items()))
            if ends > now and (stored.response is None or len(self._entries) < self._max_entries):
                break
            self._forget(oldest)
        if len(self._entries) < self._max_entries:
            return
        done = self._oldest_response()
        if done is None:
            raise ServiceUnavailableException("Too many requests are being worked on", code="OVERLOADED")
        self._forget(done)

    def _oldest_response(self) -> str | None:
        return next((key for key, (_, stored) in self._entries.items() if stored.response is not None), None)


def _size_of(stored: Stored) -> int:
    if stored.response is None:
        return _ENTRY
    _, headers, body = stored.response
    return _ENTRY + len(body) + sum(len(name) + len(value) for name, value in headers)
