"""The preset ``slow-query``: a warning for every statement that takes long."""

import logging
from datetime import timedelta
from typing import Final

from pyfly.data.hooks.places import call_stack
from pyfly.data.hooks.properties import LogParameters
from pyfly.data.hooks.statement_log import describe, fields
from pyfly.data.ports.statements import SqlHook, SqlStatement

DEFAULT_THRESHOLD: Final = timedelta(milliseconds=200)

_log = logging.getLogger("pyfly.data.slow")


class SlowQueryHook(SqlHook):
    """Warns of statements that take long, with the line of the application that sent them.

    Attributes:
        count: How many there were.
    """

    def __init__(
        self,
        threshold: timedelta = DEFAULT_THRESHOLD,
        parameters: LogParameters = LogParameters.MASKED,
    ) -> None:
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
            told = describe(statement, self._parameters)
            extra = fields(statement, self._parameters) | {"place": place}
            _log.warning("Slow statement at %s: %s", place, told, extra=extra)

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        """Warn if it took long to fail."""
        self.after(statement)
