"""Fills the columns that say when, and by whom, a row was created and changed.

The columns' defaults ask the data source that the statement runs on. So they are filled whichever way a row is
written: by a repository, a session, or a statement that changes many rows.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Engine

from pyfly.container.container import Container
from pyfly.data.ids import uuid7
from pyfly.data.ports.auditing import AuditorAware
from pyfly.data.relational.properties import IdKind
from pyfly.data.relational.sqlalchemy.data_source import DataSource
from pyfly.data.relational.sqlalchemy.removal import AUDITOR, CLOCK
from pyfly.kernel.clock import Clock, SystemClock

ID_KIND: Final = "pyfly.ids"
_now = SystemClock().now


class Auditing:
    """Lets the engines of data sources know the clock and the auditor of an application."""

    def __init__(self, container: Container, ids: IdKind = IdKind.UUID4) -> None:
        """Use the ``AuditorAware`` and the ``Clock`` among the beans of *container*, if there are any, and *ids*."""
        self._container = container
        self._ids = ids

    def attach(self, source: DataSource) -> None:
        """Tell each engine of *source* when it is made."""
        source.on_engine(self._tell)

    def _tell(self, engine: Engine, _source: DataSource) -> None:
        known: dict[str, Any] = {} if self._ids is IdKind.UUID4 else {ID_KIND: self._ids}
        if self._container.definitions_of(AuditorAware):
            known[AUDITOR] = self._current_auditor
        if self._container.definitions_of(Clock):
            known[CLOCK] = self._container.resolve(Clock)  # type: ignore[type-abstract]
        if known:
            engine.update_execution_options(**known)

    def _current_auditor(self) -> str | None:
        return self._container.resolve(AuditorAware).current_auditor()  # type: ignore[type-abstract]


def current_time(context: Any) -> datetime:
    """Return the time, by the clock of the data source; a default for columns."""
    clock: Clock | None = context.execution_options.get(CLOCK)
    return _now() if clock is None else clock.now()


def new_id(context: Any) -> UUID:
    """Return an id of the kind that the data source has; a default for columns."""
    if context.execution_options.get(ID_KIND) is IdKind.UUID7:
        return uuid7(current_time(context))
    return uuid4()


def current_auditor(context: Any) -> str | None:
    """Return whom the work is done for; a default for columns."""
    auditor: Callable[[], str | None] | None = context.execution_options.get(AUDITOR)
    return None if auditor is None else auditor()
