"""The one handler that the framework owns: where records of every library become lines."""

import asyncio
import logging
import sys
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from time import time
from typing import Any, Final, TextIO

from pyfly.logging.entry import Entry, Shape, Values
from pyfly.logging.renderers import Renderer, Writer, writer_of

Waiting = tuple[Shape, float, Values]
"""An entry that waits to be written: what it is, the seconds since the epoch, the values of its fields."""

_TOGETHER: Final = 0.005
"""How many seconds a line waits for others at most."""


class RecordFormatter(logging.Formatter):
    """Formats records of structlog and of the standard library alike."""

    def __init__(self, render: Renderer) -> None:
        """Write records as *render* does."""
        super().__init__()
        self.render = render
        self._writers: dict[Shape, Writer] = {}

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of *record* without changing it."""
        return self.render(Entry.of(record))

    def lines(self, entries: Iterable[Waiting]) -> str:
        """Return the lines of *entries*, each with the end of its line."""
        writers, lines = self._writers, []
        for shape, created, values in entries:
            writer = writers.get(shape)
            if writer is None:
                writer = writers[shape] = writer_of(self.render, shape)
            lines.append(writer(created, values))
        lines.append("")
        return "\n".join(lines)


class StdoutHandler(logging.StreamHandler[TextIO]):
    """Writes to what ``sys.stdout`` is at that moment, so redirection and capturing keep working."""

    def __init__(self) -> None:
        """Create the handler; it holds no stream of its own."""
        logging.Handler.__init__(self)
        self.leveled: set[str] = set()
        self._waiting: list[Waiting] = []
        self._handlers = 0
        self._flushed_by: asyncio.AbstractEventLoop | None = None

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the base class keeps a fixed stream
        """The current standard output."""
        return sys.stdout

    def is_collecting(self) -> bool:
        """Return whether lines wait in this loop, and the root logger has as many handlers as when the first came.

        Whoever was the only listener then still is, so that not every line has to look for others.
        """
        loop = asyncio.get_running_loop()
        return loop is self._flushed_by and len(logging.root.handlers) == self._handlers

    def write_soon(self, shape: Shape, values: Values) -> None:
        """Write an entry together with others, a few milliseconds later.

        Only for what is written once per request: one call of the system then serves many requests. Nothing
        overtakes a line, and whoever ends the process in order waits for it.
        """
        # Without the lock: appending is atomic, and whoever takes entries away leaves those that come meanwhile.
        self._waiting.append((shape, time(), values))
        loop = asyncio.get_running_loop()
        if loop is not self._flushed_by:
            self._flushed_by = loop
            loop.call_later(_TOGETHER, self._flush_now)
        self._handlers = len(logging.root.handlers)

    def _flush_now(self) -> None:
        self._flushed_by = None
        self.flush()

    def emit(self, record: logging.LogRecord) -> None:
        """Write *record* after the lines that wait."""
        if self._waiting:
            self.flush()
        super().emit(record)

    def flush(self) -> None:
        """Write the lines that wait."""
        with self._guard:
            if self._waiting:
                entries = self._waiting[:]
                del self._waiting[: len(entries)]
                with suppress(ValueError):  # whoever closed the stream wants no more lines
                    self.stream.write(self._lines(entries))
            super().flush()

    def _lines(self, entries: Iterable[Waiting]) -> str:
        formatter = self.formatter
        if isinstance(formatter, RecordFormatter):
            return formatter.lines(entries)
        return "".join([f"{shape.message}\n" for shape, _, _ in entries])

    @property
    def _guard(self) -> Any:
        return self.lock or nullcontext()


def own_handler() -> StdoutHandler:
    """Return the framework's handler on the root logger, put there by the first call."""
    root = logging.getLogger()
    present = [handler for handler in root.handlers if isinstance(handler, StdoutHandler)]
    if present:
        return present[0]
    handler = StdoutHandler()
    root.addHandler(handler)
    return handler


def only_listener(logger: logging.Logger) -> StdoutHandler | None:
    """Return the framework's handler if nobody else gets the records of *logger*, and nobody filters them."""
    only: logging.Handler | None = None
    each: logging.Logger | None = logger
    while each is not None:
        if each.filters:
            return None
        for handler in each.handlers:
            if only is not None:
                return None
            only = handler
        each = each.parent if each.propagate else None
    return only if isinstance(only, StdoutHandler) and not only.filters and not only.level else None
