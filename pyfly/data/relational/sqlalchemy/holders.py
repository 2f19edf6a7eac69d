"""Who has which connection of a pool: for the message that there is no free one, and for finding leaks."""

import os
import sys
import sysconfig
import threading
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from greenlet import getcurrent

import pyfly
from pyfly.kernel.clock import Clock
from pyfly.kernel.record import Record

Calls = tuple[tuple[CodeType, int], ...]

_LIBRARIES: Final = tuple(
    str(Path(folder)) + os.sep
    for folder in (*pyfly.__path__, *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")))
)
_MOST_FRAMES: Final = 80
_MOST_PLACES: Final = 6
_by_file: Final[dict[str, bool]] = {}


class Place(Record):
    """A line of the application's code."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


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
        return tuple(Place(code.co_filename, line, code.co_qualname) for code, line in self.calls)

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
        self._lock = threading.Lock()

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

    def leaks(self, threshold: float) -> Iterator[Holder]:
        """Yield, once each, who has had a connection for more than *threshold* seconds."""
        limit = self._clock.monotonic() - threshold
        for key, holder in self._by_connection.copy().items():
            if holder.since < limit and key not in self._reported:
                self._reported.add(key)
                yield holder


def call_stack(most: int = _MOST_PLACES) -> tuple[Place, ...]:
    """Return the innermost lines of the application that led here; libraries are left out."""
    return Holder(0.0, calls_here(most)).stack


def calls_here(most: int = _MOST_PLACES) -> Calls:
    """Return what :func:`call_stack` tells, without working it out: it is noted for every use of a connection.

    Code that runs in a greenlet was called by who waits for that.
    """
    found: list[tuple[CodeType, int]] = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # the documented way, and a tenth of inspect's cost
    current = getcurrent()
    for _ in range(_MOST_FRAMES):
        while frame is None:
            parent = current.parent
            if parent is None:
                return tuple(found)
            current, frame = parent, parent.gr_frame
        code = frame.f_code
        ours = _by_file.get(code.co_filename)
        if ours is None:
            ours = _by_file[code.co_filename] = _is_application(code.co_filename)
        if ours:
            found.append((code, frame.f_lineno))
            if len(found) == most:
                break
        frame = frame.f_back
    return tuple(found)


def _is_application(file: str) -> bool:
    return not file.startswith(("<", *_LIBRARIES))
