"""Tells hooks of the statements that SQLAlchemy sends; where there are no hooks, nothing is listened to."""

from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from pyfly.container.container import Container
from pyfly.data.ports.statements import SqlHook, SqlStatement
from pyfly.data.relational.properties import DataProperties
from pyfly.data.relational.sqlalchemy.data_source import DataSource
from pyfly.data.relational.sqlalchemy.statement_log import SlowQueryHook, StatementLogHook
from pyfly.data.repetition import attempt
from pyfly.data.transaction_scope import innermost
from pyfly.kernel.clock import Clock, SystemClock

_STATEMENT: Final = "pyfly.statement"


class SqlHooks:
    """The hooks of an application: its beans, and those that the configuration asks for."""

    def __init__(self, container: Container, properties: DataProperties) -> None:
        """Find the hooks in *container* and *properties*."""
        self._container = container
        self._properties = properties

    def attach(self, source: DataSource) -> None:
        """Let the hooks hear of the statements of *source*, if there are any hooks."""
        if self._container.definitions_of(SqlHook) or self._built_in():
            source.on_engine(self._listen)

    def _listen(self, engine: Engine, source: DataSource) -> None:
        beans = [self._container.get(each) for each in self._container.definitions_of(SqlHook)]
        hooks = [*self._built_in(), *beans]
        Listener(hooks, source.name).listen(engine)

    def _built_in(self) -> list[SqlHook]:
        said = self._properties
        hooks: list[SqlHook] = []
        if said.log.statements:
            hooks.append(StatementLogHook(said.log.parameters))
        if said.slow_query_threshold is not None:
            hooks.append(SlowQueryHook(said.slow_query_threshold, said.log.parameters))
        return hooks


class Listener:
    """Turns the events of one engine into calls of hooks."""

    def __init__(self, hooks: list[SqlHook], datasource: str, clock: Clock | None = None) -> None:
        """Call *hooks*, in their order, for the statements of *datasource*."""
        self._hooks = tuple(hooks)
        self._datasource = datasource
        self._now = (clock or SystemClock()).monotonic

    def listen(self, engine: Engine) -> None:
        """Listen to *engine* from now on."""
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)
        event.listen(engine, "handle_error", self._error)

    def _before(self, connection: Connection, _cursor: Any, sql: str, parameters: Any, *_others: Any) -> None:
        unit = innermost()
        transaction = None if unit is None or unit.transaction is None else unit.transaction.number
        statement = SqlStatement(self._datasource, sql, parameters, transaction, attempt.get())
        for hook in self._hooks:
            hook.before(statement)
        statement.started = self._now()
        connection.info[_STATEMENT] = statement

    def _after(self, connection: Connection, cursor: Any, _sql: str, _parameters: Any, *_others: Any) -> None:
        statement: SqlStatement | None = connection.info.pop(_STATEMENT, None)
        if statement is not None:
            statement.seconds = self._now() - statement.started
            statement.rows = getattr(cursor, "rowcount", -1)
            for hook in self._hooks:
                hook.after(statement)

    def _error(self, context: ExceptionContext) -> None:
        connection = context.connection
        statement: SqlStatement | None = (
            None if connection is None or connection.closed else connection.info.pop(_STATEMENT, None)
        )
        if statement is not None:
            statement.seconds = self._now() - statement.started
            for hook in self._hooks:
                hook.error(statement, context.original_exception)
