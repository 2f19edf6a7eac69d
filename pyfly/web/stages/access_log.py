"""The access log: one line per response, with the template of its route, its status, duration and id."""

import logging
from collections.abc import Callable
from time import time
from typing import Final

from pyfly.kernel.correlation import correlation
from pyfly.logging.entry import FIELDS, Shape, Values
from pyfly.logging.handler import StdoutHandler, only_listener
from pyfly.web.patterns import selector
from pyfly.web.ports.stages import ERROR_ID, FAILURE, ROUTE, Done, Stage
from pyfly.web.responses import Scope
from pyfly.web.stages.parts import Parts
from pyfly.web.stages.properties import AccessLogProperties

_log: Final = logging.getLogger("pyfly.web")
_SERVER_ERROR: Final = 500
_FIELDS: Final = {
    "method": str,
    "path": str,
    "route": str,
    "status_code": int,
    "duration_ms": float,
    "transaction_id": str,
}


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that logs responses as ``pyfly.web.access-log`` says."""
    return Stage("access log", order, done=logger_of(parts.config.bind(AccessLogProperties)))


def logger_of(properties: AccessLogProperties) -> Done:
    """Return the function that logs one response.

    The record is made by hand and not by ``Logger.info``, which looks for the caller in the stack each time; if the
    framework's own handler is the only one to hear it, no record is made at all.
    """
    selects = selector((), properties.exclude)
    record_of = record_maker()
    success = Shape(_log.name, logging.INFO, "http_request", **_FIELDS)
    failure = Shape(
        _log.name, logging.WARNING, "http_request_failed", **_FIELDS, error_type=str, error_id=str
    )
    listener: StdoutHandler | None = None

    def done(scope: Scope, status: int, seconds: float) -> None:
        failed = status >= _SERVER_ERROR
        shape = failure if failed else success
        if not _log.isEnabledFor(shape.level_value) or (selects is not None and not selects(scope["path"])):
            return
        milliseconds = round(seconds * 100_000) / 100
        values: Values = (
            scope["method"],
            scope["path"],
            scope.get(ROUTE, ""),
            status,
            milliseconds,
            correlation.get(),
        )
        if failed:
            values += type(scope.get(FAILURE)).__name__, scope.get(ERROR_ID, "")
        nonlocal listener
        if listener is None or not listener.is_collecting():
            listener = only_listener(_log)
        if listener is not None:
            listener.write_soon(shape, values)
            return
        record = record_of(shape.level_value, shape.message)
        record.__dict__[FIELDS] = shape.fields(values)
        _log.handle(record)

    return done


def record_maker() -> Callable[[int, str], logging.LogRecord]:
    """Return the function that makes a record of a level and an event.

    What is the same for all of them is asked of the system once; they all come from the thread of the loop.
    """
    shared = vars(logging.LogRecord(_log.name, logging.INFO, __file__, 0, "", (), None))
    started = shared["created"] - shared["relativeCreated"] / 1000

    def record_of(level: int, event: str) -> logging.LogRecord:
        record = logging.LogRecord.__new__(logging.LogRecord)
        now = time()
        record.__dict__.update(
            shared,
            levelno=level,
            levelname=logging.getLevelName(level),
            msg=event,
            created=now,
            msecs=int((now - int(now)) * 1000) + 0.0,
            relativeCreated=(now - started) * 1000,
        )
        return record

    return record_of
