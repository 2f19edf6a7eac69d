"""What a log record says, whichever library wrote it."""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import structlog

FIELDS: Final = "pyfly_fields"

# Uvicorn adds a second copy of its message with terminal colours.
_NOT_FIELDS: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message", FIELDS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
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
            timestamp=_utc(record.created),
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


def _utc(created: float) -> str:
    instant = datetime.fromtimestamp(created, UTC).replace(tzinfo=None)
    return f"{instant.isoformat(timespec='milliseconds')}Z"


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError) as failure:
        # Logging must not break the caller: a message that does not fit its arguments is shown as it is.
        return f"{record.msg} (arguments {record.args!r}: {failure})"


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    bound = record.__dict__.get(FIELDS)
    if isinstance(bound, Mapping):
        return bound
    extra = {name: value for name, value in vars(record).items() if name not in _NOT_FIELDS}
    return {**structlog.contextvars.get_contextvars(), **extra}


def _trace(error: BaseException | None, stack: str | None) -> str:
    parts = ["".join(traceback.format_exception(error))] if error is not None else []
    return "\n".join([part.rstrip("\n") for part in (*parts, stack or "") if part])
