"""A logger for the framework's own events: named fields over the standard library alone."""

import logging
from typing import Any

from pyfly.logging.entry import FIELDS, context_fields


class EventLogger:
    """Writes events with fields, as structlog's loggers do, without needing structlog."""

    __slots__ = ("_log",)

    def __init__(self, name: str) -> None:
        """Write as the logger *name* of the standard library."""
        self._log = logging.getLogger(name)

    def debug(self, event: str, **fields: Any) -> None:
        """Write what only a developer needs."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        """Write what happened in normal operation."""
        self._write(logging.INFO, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        """Write what failed."""
        self._write(logging.ERROR, event, fields)

    def _write(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if self._log.isEnabledFor(level):
            self._log.log(level, event, extra={FIELDS: {**context_fields(), **fields}}, stacklevel=3)
