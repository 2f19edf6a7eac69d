"""The hooks that the configuration can ask for: a log of statements, and one of those that are slow."""

import logging
from datetime import timedelta

from pyfly.data.ports.statements import SqlHook, SqlStatement
from pyfly.data.relational.properties import LogParameters
from pyfly.data.relational.sqlalchemy.holders import call_stack

_statements = logging.getLogger("pyfly.data.sql")
_slow = logging.getLogger("pyfly.data.slow")


class StatementLogHook(SqlHook):
    """Logs every statement at DEBUG, with its duration, rows and transaction."""

    def __init__(self, parameters: LogParameters) -> None:
        """Show the values as *parameters* says."""
        self._parameters = parameters

    def before(self, statement: SqlStatement) -> None:
        """Wait until it is done."""

    def after(self, statement: SqlStatement) -> None:
        """Log *statement*."""
        if _statements.isEnabledFor(logging.DEBUG):
            _statements.debug("%s", describe(statement, self._parameters))

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        """Log that *statement* was refused, and by which kind of error: its text may hold values."""
        if _statements.isEnabledFor(logging.DEBUG):
            told = describe(statement, self._parameters)
            _statements.debug("%s -> %s", told, type(failure).__name__)


class SlowQueryHook(SqlHook):
    """Warns of statements that take long, with the line of the application that sent them."""

    def __init__(self, threshold: timedelta, parameters: LogParameters = LogParameters.MASKED) -> None:
        """Warn from *threshold* on, with the values as *parameters* says."""
        self._threshold = threshold.total_seconds()
        self._parameters = parameters
        self.count = 0

    def before(self, statement: SqlStatement) -> None:
        """Wait until it is done."""

    def after(self, statement: SqlStatement) -> None:
        """Warn if it took long."""
        if statement.seconds >= self._threshold:
            self.count += 1
            stack = call_stack(1)
            place = str(stack[0]) if stack else "code of the framework"
            _slow.warning("Slow statement at %s: %s", place, describe(statement, self._parameters))

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        """Warn if it took long to fail."""
        self.after(statement)


def describe(statement: SqlStatement, parameters: LogParameters) -> str:
    """Return *statement* in one line."""
    sql = " ".join(statement.sql.split())
    unit = "" if statement.transaction is None else f", transaction {statement.transaction}"
    again = "" if statement.attempt == 1 else f", attempt {statement.attempt}"
    line = f"[{statement.datasource}] {statement.seconds * 1000:.1f} ms, {statement.rows} rows{unit}{again}: {sql}"
    match parameters:
        case LogParameters.MASKED:
            return f"{line} {statement.masked()}"
        case LogParameters.FULL:
            return f"{line} {statement.parameters!r}"
    return line
