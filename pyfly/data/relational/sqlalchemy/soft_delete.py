"""Entities that are marked when they are deleted, and hidden from then on.

Importing this module is what makes it work, so that programs without such entities pay nothing.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Index, event, text
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)

from pyfly.data.deleted import is_deleted_included
from pyfly.data.relational.sqlalchemy.removal import PURGING, remove
from pyfly.data.relational.sqlalchemy.types import UtcDateTime


class SoftDelete:
    """Deleting such an entity sets ``deleted_at``; no query finds it then, unless it asks to.

    Children that are such entities too, and would be deleted with it, are marked with it.
    """

    _pyfly_soft_delete: ClassVar[bool] = True

    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, index=True, sort_order=93)

    @property
    def is_deleted(self) -> bool:
        """Whether it has been deleted."""
        return self.deleted_at is not None


def unique_unless_deleted(name: str, *columns: str) -> Index:
    """Return an index for ``__table_args__``: no two rows that are there have the same values in *columns*.

    MariaDB has no partial indexes; there, deleted rows count as well.
    """
    condition = text("deleted_at IS NULL")
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _is_there(entity: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = entity.deleted_at.is_(None)
    return condition


_HIDING = with_loader_criteria(SoftDelete, _is_there, include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def _hide(state: ORMExecuteState) -> None:
    # Loads of relationships and of single columns follow the statement that they belong to.
    follows = state.is_column_load or state.is_relationship_load
    if not (follows or is_deleted_included()):
        state.statement = state.statement.options(_HIDING)


@event.listens_for(Session, "before_flush")
def _mark(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    if session.info.get(PURGING):
        return
    for entity in list(session.deleted):
        if isinstance(entity, SoftDelete):
            session.add(entity)
            remove(session, entity)
