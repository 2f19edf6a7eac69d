"""What a log record says, whichever library wrote it."""

import logging
import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from math import floor
from threading import current_thread
from typing import Final, NamedTuple, Self

from pyfly.kernel.correlation import correlation

FIELDS: Final = "pyfly_fields"

Values = tuple[str | float, ...]
"""The values of the fields of one entry, in the order of the names in its shape."""

# Uvicorn adds a second copy of its message with terminal colours.
_NOT_FIELDS: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message", FIELDS}
)

_correlation: Final = correlation.get


class Entry(NamedTuple):  # one is made for every line, and no other class of values is made as fast
    """One log record, ready for a renderer."""

    timestamp: str
    level: str
    level_value: int
    logger: str
    thread: str
    process: int
    message: str
    fields: Mapping[str, object]
    error: BaseException | None = None
    trace: str = ""

    @classmethod
    def of(cls, record: logging.LogRecord) -> Self:
        """Read *record*; it is not changed, because other handlers read it too."""
        error = record.exc_info[1] if record.exc_info else None
        return cls(
            timestamp=utc(record.created),
            level=record.levelname,
            level_value=record.levelno,
            logger=record.name,
            thread=record.threadName or "",
            process=record.process or 0,
            message=_message(record),
            fields=_fields(record),
            error=error,
            trace=_trace(error, record.stack_info),
        )


class Shape:
    """What all entries of one event share: everything but their time and the values of their fields.

    Shapes are made once, so that a renderer can prepare itself for each of them.
    """

    __slots__ = ("level", "level_value", "logger", "message", "names", "process", "texts", "thread")

    def __init__(self, logger: str, level: int, message: str, /, **fields: type) -> None:
        """Describe entries of this thread and process with *fields* of these types, in this order."""
        self.logger = logger
        self.level = logging.getLevelName(level)
        self.level_value = level
        self.message = message
        self.names = tuple(fields)
        self.texts = [place for place, kind in enumerate(fields.values()) if kind is str]
        self.thread = current_thread().name
        self.process = os.getpid()

    def fields(self, values: Values) -> dict[str, object]:
        """Return *values* by their names."""
        return dict(zip(self.names, values, strict=True))

    def entry(self, created: float, values: Values) -> Entry:
        """Return the entry of the second *created* with *values*."""
        level, number, fields = self.level, self.level_value, self.fields(values)
        return Entry(
            utc(created), level, number, self.logger, self.thread, self.process, self.message, fields
        )


def utc(created: float) -> str:
    """Return the seconds since the epoch as a time stamp in UTC, with milliseconds."""
    return _stamp(floor(created * 1000))


@lru_cache(maxsize=8)
def _stamp(number: int) -> str:
    second, milliseconds = divmod(number, 1000)
    return f"{_second(second)}.{milliseconds:03}Z"


@lru_cache(maxsize=8)
def _second(number: int) -> str:
    return datetime.fromtimestamp(number, UTC).replace(tzinfo=None).isoformat()


def _message(record: logging.LogRecord) -> str:
    if not record.args and type(record.msg) is str:
        return record.msg
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError) as failure:
        # Logging must not break the caller: a message that does not fit its arguments is shown as it is.
        return f"{record.msg} (arguments {record.args!r}: {failure})"


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    bound = record.__dict__.get(FIELDS)
    if not isinstance(bound, Mapping):
        extra = {name: value for name, value in vars(record).items() if name not in _NOT_FIELDS}
        bound = {**context_fields(), **extra}
    if (request := _correlation()) and "transaction_id" not in bound:
        return {**bound, "transaction_id": request}
    return bound


def context_fields() -> Mapping[str, object]:
    """Return the fields that structlog's context variables bind; none while nobody has imported structlog."""
    contextvars = sys.modules.get("structlog.contextvars")
    return {} if contextvars is None else contextvars.get_contextvars()


def _trace(error: BaseException | None, stack: str | None) -> str:
    if error is None and stack is None:
        return ""
    parts = ["".join(traceback.format_exception(error))] if error is not None else []
    return "\n".join([part.rstrip("\n") for part in (*parts, stack or "") if part])
