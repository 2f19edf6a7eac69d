"""Tells hooks of the statements that SQLAlchemy sends; where there are no hooks, nothing is listened to."""

from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from pyfly.container.container import Container
from pyfly.data.hooks.calling import Hooks
from pyfly.data.hooks.lazy_loads import LazyLoadHook
from pyfly.data.hooks.leaks import DEFAULT_THRESHOLD, LeakHook
from pyfly.data.hooks.properties import HookEnabled
from pyfly.data.ports.statements import SqlStatement
from pyfly.data.relational.sqlalchemy.data_source import DataSource

_STATEMENT: Final = "pyfly.statement"


def listen_to(source: DataSource, container: Container) -> None:
    """Let the hooks of *container* hear of the statements of *source*, if there are any hooks."""
    for definition in container.definitions_of(Hooks):
        if hooks := container.get(definition):
            source.on_engine(Listener(hooks, source.name).listen)


def tell_of_leaks(source: DataSource, container: Container) -> None:
    """Let the leak hooks of *container* hear of the connections of *source* that are not given back."""
    for definition in container.definitions_of(Hooks):
        hooks: Hooks = container.get(definition)
        is_wanted = hooks.said("leak") is HookEnabled.TRUE
        source.leaks.tell(hooks.enabled(LeakHook), DEFAULT_THRESHOLD if is_wanted else None)


def tell_of_lazy_loads(source: DataSource, container: Container) -> None:
    """Let the lazy load hooks of *container* hear of what is loaded one by one from *source*."""
    told = [
        hook for each in container.definitions_of(Hooks) for hook in container.get(each).enabled(LazyLoadHook)
    ]
    if told:
        # Whoever loads the module has every query looked at.
        from pyfly.data.relational.sqlalchemy.lazy_loads import watch_lazy_loads

        watch_lazy_loads(source, told)


class Listener:
    """Turns the events of one engine into calls of hooks."""

    def __init__(self, hooks: Hooks, datasource: str) -> None:
        """Call *hooks* for the statements of *datasource*."""
        self._hooks = hooks
        self._datasource = datasource

    def listen(self, engine: Engine, _source: DataSource) -> None:
        """Listen to *engine* from now on."""
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)
        event.listen(engine, "handle_error", self._error)

    def _before(self, connection: Connection, _cursor: Any, sql: str, parameters: Any, *_others: Any) -> None:
        statement = self._hooks.statement(self._datasource, sql, parameters)
        self._hooks.before(statement)
        connection.info[_STATEMENT] = statement

    def _after(self, connection: Connection, cursor: Any, _sql: str, _parameters: Any, *_others: Any) -> None:
        statement: SqlStatement | None = connection.info.pop(_STATEMENT, None)
        if statement is not None:
            self._hooks.after(statement, _rows(cursor))

    def _error(self, context: ExceptionContext) -> None:
        connection = context.connection
        statement: SqlStatement | None = (
            None if connection is None or connection.closed else connection.info.pop(_STATEMENT, None)
        )
        if statement is None:
            return
        sent = context.execution_context
        if sent is not None and sent.execution_options.get("skip_user_error_events"):
            self._hooks.after(
                statement, 0
            )  # SQLAlchemy asks MariaDB for a table by a statement that may fail.
        else:
            self._hooks.error(statement, context.original_exception)


def _rows(cursor: Any) -> int:
    """Return how many rows were found or changed; the async driver of SQLite has them already, but does not count."""
    count: int = getattr(cursor, "rowcount", -1)
    fetched = getattr(cursor, "_rows", None) if count < 0 else None
    return count if fetched is None or getattr(cursor, "description", None) is None else len(fetched)
