"""The one handler that the framework owns: where records of every library become lines."""

import asyncio
import logging
import sys
from contextlib import nullcontext, suppress
from typing import Any, TextIO

from pyfly.logging.entry import Entry
from pyfly.logging.renderers import Renderer


class RecordFormatter(logging.Formatter):
    """Formats records of structlog and of the standard library alike."""

    def __init__(self, render: Renderer) -> None:
        """Write records as *render* does."""
        super().__init__()
        self.render = render

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of *record* without changing it."""
        return self.render(Entry.of(record))


class StdoutHandler(logging.StreamHandler[TextIO]):
    """Writes to what ``sys.stdout`` is at that moment, so redirection and capturing keep working."""

    def __init__(self) -> None:
        """Create the handler; it holds no stream of its own."""
        logging.Handler.__init__(self)
        self.leveled: set[str] = set()
        self._waiting: list[str] = []
        self._flushed_by: asyncio.AbstractEventLoop | None = None

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the base class keeps a fixed stream
        """The current standard output."""
        return sys.stdout

    def write_soon(self, entry: Entry) -> None:
        """Write the line of *entry* together with others, when the event loop has served who is waiting.

        Only for what is written once per request: one call of the system then serves many requests. Nothing
        overtakes a line, and whoever ends the process in order waits for it.
        """
        formatter = self.formatter
        line = formatter.render(entry) if isinstance(formatter, RecordFormatter) else entry.message
        loop = asyncio.get_running_loop()
        with self._guard:
            if not self._waiting or loop is not self._flushed_by:
                self._flushed_by = loop
                loop.call_soon(self.flush)
            self._waiting.append(line)

    def emit(self, record: logging.LogRecord) -> None:
        """Write *record* after the lines that wait."""
        if self._waiting:
            self.flush()
        super().emit(record)

    def flush(self) -> None:
        """Write the lines that wait."""
        with self._guard:
            if self._waiting:
                lines, self._waiting = self._waiting, []
                with suppress(ValueError):  # whoever closed the stream wants no more lines
                    self.stream.write("\n".join(lines) + "\n")
            super().flush()

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
    heard: list[logging.Handler] = []
    each: logging.Logger | None = logger
    while each is not None:
        if each.filters:
            return None
        heard += each.handlers
        each = each.parent if each.propagate else None
    only = heard[0] if len(heard) == 1 else None
    return only if isinstance(only, StdoutHandler) and not only.filters and not only.level else None
