"""The preset ``leak``: a warning for every connection that somebody has kept for too long, or for good."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Final

from pyfly.data.hooks.places import Place
from pyfly.kernel.record import Record

DEFAULT_THRESHOLD: Final = timedelta(seconds=30)

_log = logging.getLogger("pyfly.data")


class Leak(Record, kw_only=True):
    """A connection that was not given back.

    Attributes:
        datasource: Whose it is.
        seconds: For how long it has been in use.
        stack: The lines of the application that took it, the innermost first.
        is_lost: Whether the data source was stopped meanwhile, so that it will never be given back.
    """

    datasource: str
    seconds: float
    stack: tuple[Place, ...]
    is_lost: bool = False

    def __str__(self) -> str:
        how = "was never given back" if self.is_lost else f"has been in use for more than {self.seconds:g} s"
        stack = "".join(f"\n  {place}" for place in self.stack) or "\n  code of the framework"
        return f"A connection of data source '{self.datasource}' {how}; it was taken at:{stack}"


class LeakHook:
    """Warns of connections that are not given back. Beans that inherit it hear of them too.

    Attributes:
        count: How many there were.
    """

    def __init__(self) -> None:
        """Know of none."""
        self.count = 0
        self._held: list[Callable[[], Iterable[Leak]]] = []

    def leaked(self, leak: Leak) -> None:
        """Hear of *leak*, once."""
        self.count += 1
        place = str(leak.stack[0]) if leak.stack else ""
        extra = {"datasource": leak.datasource, "duration_ms": leak.seconds * 1000, "place": place}
        _log.warning("%s", leak, extra=extra)

    def watch(self, held: Callable[[], Iterable[Leak]]) -> None:
        """Know one more data source, by what tells which connections are in use there."""
        self._held.append(held)

    def held(self) -> Iterator[Leak]:
        """Yield every connection that is in use now."""
        for each in self._held:
            yield from each()


LOST: Final[list[Leak]] = []
"""The connections that data sources had to leave behind when they stopped; tests fail for them."""
