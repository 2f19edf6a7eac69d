"""Who has which connection of a pool: for the message that there is no free one, and for finding leaks."""

from collections.abc import Iterator
from typing import Any

from pyfly.data.hooks.places import Calls, Place, calls_here, places
from pyfly.kernel.clock import Clock
from pyfly.kernel.record import Record


class Holder(Record):
    """Somebody who has a connection.

    Attributes:
        since: When it was taken, on the monotonic clock.
        calls: The calls of the application that led there, the innermost first.
    """

    since: float
    calls: Calls

    @property
    def stack(self) -> tuple[Place, ...]:
        """The lines of the application that led there, the innermost first."""
        return places(self.calls)

    @property
    def place(self) -> str:
        """Where the connection was taken, and by whom that was called."""
        return " <- ".join(map(str, self.stack[:3])) or "code of the framework"


class Holders:
    """The connections of one data source that are in use."""

    def __init__(self, clock: Clock) -> None:
        """Measure with *clock*."""
        self._clock = clock
        self._by_connection: dict[int, Holder] = {}
        self._reported: set[int] = set()

    def __len__(self) -> int:
        return len(self._by_connection)

    def taken(self, _connection: Any, record: Any, _proxy: Any) -> None:
        """Note who takes the connection of *record*."""
        self._by_connection[id(record)] = Holder(self._clock.monotonic(), calls_here())

    def returned(self, _connection: Any, record: Any) -> None:
        """Note that the connection of *record* is back."""
        self._by_connection.pop(id(record), None)
        self._reported.discard(id(record))

    def descriptions(self) -> tuple[str, ...]:
        """Say who has a connection, and for how long, the longest first."""
        now = self._clock.monotonic()
        holders = sorted(self._by_connection.copy().values(), key=lambda holder: holder.since)
        return tuple(f"{holder.place}, for {now - holder.since:.1f} s" for holder in holders)

    def held(self) -> Iterator[tuple[Holder, float]]:
        """Yield who has a connection, and for how many seconds."""
        now = self._clock.monotonic()
        for holder in self._by_connection.copy().values():
            yield holder, now - holder.since

    def leaks(self, threshold: float) -> Iterator[Holder]:
        """Yield, once each, who has had a connection for more than *threshold* seconds."""
        limit = self._clock.monotonic() - threshold
        for key, holder in self._by_connection.copy().items():
            if holder.since < limit and key not in self._reported:
                self._reported.add(key)
                yield holder
