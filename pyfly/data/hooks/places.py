"""Which line of the application led here: for logs of slow statements and of leaked connections."""

import os
import sys
import sysconfig
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import pyfly
from pyfly.data.callers import frames_of_callers
from pyfly.kernel.record import Record

try:
    from greenlet import getcurrent as _current
except ImportError:  # only SQLAlchemy runs code in greenlets, and brings the library with it
    _current: Callable[[], Any] | None = None  # type: ignore[no-redef]

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


def places(calls: Calls) -> tuple[Place, ...]:
    """Return the lines of *calls*."""
    return tuple(Place(code.co_filename, line, code.co_qualname) for code, line in calls)


def place_of(failure: BaseException) -> Place | None:
    """Return the innermost line of the application in the traceback of *failure*."""
    found, step = None, failure.__traceback__
    while step is not None:
        if _is_application(step.tb_frame.f_code.co_filename):
            found = Place(step.tb_frame.f_code.co_filename, step.tb_lineno, step.tb_frame.f_code.co_qualname)
        step = step.tb_next
    return found


def call_stack(most: int = _MOST_PLACES) -> tuple[Place, ...]:
    """Return the innermost lines of the application that led here; libraries are left out."""
    return places(calls_here(most))


def calls_here(most: int = _MOST_PLACES) -> Calls:
    """Return what :func:`call_stack` tells, without working it out: it is noted for every use of a connection.

    Code that runs in a greenlet was called by who waits for that, as was code that runs in a task of the framework.
    """
    found: list[tuple[CodeType, int]] = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # the documented way, and a tenth of inspect's cost
    current = _current() if _current is not None else None
    for _ in range(_MOST_FRAMES):
        while frame is None:
            parent = None if current is None else current.parent
            if parent is None:
                waiting = (each for each in frames_of_callers() if _is_ours(each.f_code))
                found += ((each.f_code, each.f_lineno) for each in islice(waiting, most - len(found)))
                return tuple(found)
            current, frame = parent, parent.gr_frame
        code = frame.f_code
        ours = _by_file.get(code.co_filename)
        if ours if ours is not None else _is_ours(code):
            found.append((code, frame.f_lineno))
            if len(found) == most:
                break
        frame = frame.f_back
    return tuple(found)


def _is_ours(code: CodeType) -> bool:
    ours = _by_file.get(code.co_filename)
    if ours is None:
        ours = _by_file[code.co_filename] = _is_application(code.co_filename)
    return ours


def _is_application(file: str) -> bool:
    return not file.startswith(("<", *_LIBRARIES))
