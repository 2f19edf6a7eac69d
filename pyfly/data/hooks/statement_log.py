"""The preset ``statement-log``: one record per statement, as a sentence and as fields."""

import logging
from typing import Final

from pyfly.data.hooks.properties import LogLevel, LogParameters
from pyfly.data.ports.statements import SqlHook, SqlStatement

_log = logging.getLogger("pyfly.data.sql")
_LEVELS: Final = {LogLevel.DEBUG: logging.DEBUG, LogLevel.INFO: logging.INFO}


class StatementLogHook(SqlHook):
    """Logs every statement, with its duration, rows, attempt, transaction and request."""

    def __init__(
        self, parameters: LogParameters = LogParameters.MASKED, level: LogLevel = LogLevel.DEBUG
    ) -> None:
        """Show the values as *parameters* says, at *level*."""
        self._parameters = parameters
        self._level = _LEVELS[level]

    def before(self, statement: SqlStatement) -> None:
        """Wait until it is done."""

    def after(self, statement: SqlStatement) -> None:
        """Log *statement*."""
        if _log.isEnabledFor(self._level):
            told = describe(statement, self._parameters)
            _log.log(self._level, "%s", told, extra=fields(statement, self._parameters))

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        """Log that *statement* was refused, and by which kind of error: its text may hold values."""
        if _log.isEnabledFor(self._level):
            kind = type(failure).__name__
            told = describe(statement, self._parameters)
            extra = fields(statement, self._parameters) | {"failure": kind}
            _log.log(self._level, "%s -> %s", told, kind, extra=extra)


def describe(statement: SqlStatement, parameters: LogParameters) -> str:
    """Return *statement* in one line."""
    rows = "" if statement.rows < 0 else f", {statement.rows} rows"
    unit = "" if statement.transaction is None else f", transaction {statement.transaction}"
    again = "" if statement.attempt == 1 else f", attempt {statement.attempt}"
    line = f"[{statement.datasource}] {statement.seconds * 1000:.1f} ms{rows}{unit}{again}: {_one_line(statement)}"
    match parameters:
        case LogParameters.MASKED:
            return f"{line} {statement.masked()}"
        case LogParameters.FULL:
            return f"{line} {statement.parameters!r}"
    return line


def fields(statement: SqlStatement, parameters: LogParameters) -> dict[str, object]:
    """Return what a record says of *statement* besides its text; ``transaction_id`` is the field of the request log."""
    told: dict[str, object] = {
        "datasource": statement.datasource,
        "statement": _one_line(statement),
        "duration_ms": round(statement.seconds * 1000, 3),
        "attempt": statement.attempt,
    }
    if statement.rows >= 0:
        told["rows"] = statement.rows
    if statement.transaction is not None:
        told["transaction"] = statement.transaction
    if statement.correlation_id:
        told["transaction_id"] = statement.correlation_id
    if parameters is not LogParameters.HIDDEN:
        is_masked = parameters is LogParameters.MASKED
        told["parameters"] = statement.masked() if is_masked else statement.parameters
    return told


def _one_line(statement: SqlStatement) -> str:
    return " ".join(statement.sql.split())
