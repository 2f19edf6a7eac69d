"""The store in the memory of this process."""

from collections import OrderedDict
from datetime import timedelta

from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import ServiceUnavailableException
from pyfly.web.idempotency.ports import IdempotencyStore, Stored


class InMemoryIdempotencyStore(IdempotencyStore):
    """Keeps a bounded number of responses; with several processes, each has its own."""

    def __init__(self, max_entries: int = 10_000, clock: Clock | None = None) -> None:
        """Keep *max_entries*; the oldest ones go first, those that are being worked on stay."""
        self._max_entries = max_entries
        self._clock = clock or SystemClock()
        self._entries: OrderedDict[str, tuple[float, Stored]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many keys are known."""
        return len(self._entries)

    async def reserve(self, key: str, fingerprint: str, ttl: timedelta) -> Stored | None:
        """Return what is known of *key*, or reserve it."""
        now = self._clock.monotonic()
        known = self._entries.get(key)
        if known is not None and known[0] > now:
            return known[1]
        self._entries.pop(key, None)
        self._make_room(now)
        self._entries[key] = now + ttl.total_seconds(), Stored(fingerprint)
        return None

    async def complete(self, key: str, stored: Stored, ttl: timedelta) -> None:
        """Keep *stored*."""
        self._entries[key] = self._clock.monotonic() + ttl.total_seconds(), stored
        self._entries.move_to_end(key)

    async def release(self, key: str) -> None:
        """Forget *key*."""
        self._entries.pop(key, None)

    def _make_room(self, now: float) -> None:
        while self._entries:
            oldest, (ends, stored) = next(iter(self._entries.items()))
            if ends > now and (stored.response is None or len(self._entries) < self._max_entries):
                break
            del self._entries[oldest]
        if len(self._entries) < self._max_entries:
            return
        done = next((key for key, (_, stored) in self._entries.items() if stored.response is not None), None)
        if done is None:
            raise ServiceUnavailableException("Too many requests are being worked on", code="OVERLOADED")
        del self._entries[done]
