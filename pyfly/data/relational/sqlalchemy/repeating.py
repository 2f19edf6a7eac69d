"""When an operation on a relational database may be attempted again."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.attributes import instance_state

from pyfly.data.repeating import EVERYTHING, Repeatable, Repeating, entities_in
from pyfly.kernel.exceptions import ServiceUnavailableException

_UNDOING: Final = ("psycopg", "sqlalchemy.dialects.postgresql.")
"""Where the errors of drivers for PostgreSQL are from, which undoes all that is not committed, tables included."""


class RelationalRepeating(Repeating):
    """How often, how soon, and after which failures, lost connections among them.

    Where the connection broke before the commit was sent, PostgreSQL has undone everything. MariaDB has not
    where a statement made tables, or where a table knows no transactions. Whether a commit arrived, nobody knows.
    """

    def __init__(
        self, max_attempts: int, backoff: timedelta, errors: Iterable[Repeatable] = EVERYTHING
    ) -> None:
        """Allow *max_attempts* after *errors*, the second after at most *backoff*."""
        super().__init__(max_attempts, backoff, _is_entity, errors)

    def is_repeatable(self, failure: BaseException, arguments: Iterable[object]) -> bool:
        """Return whether a transaction failed by a conflict, or was undone with its connection, and no entity was handed in."""
        arguments = tuple(arguments)
        if super().is_repeatable(failure, arguments):
            return True
        lost = self._lost(failure)
        return lost is not None and _is_undone(lost) and not self._have_entities(arguments)

    def is_transient(self, failure: BaseException, arguments: Iterable[object], *, is_read: bool) -> bool:
        """Return whether one operation on its own may be attempted again.

        What reads may be so when the connection broke, too, and what writes where that was undone with certainty,
        unless a stored entity was handed in: its changes have been lost with the session.
        """
        arguments = tuple(arguments)
        lost = self._lost(failure)
        if lost is None:
            return self.is_repeatable(failure, arguments)
        return is_read or (
            (_is_undone(lost) or _reads(lost)) and all(map(_is_new, entities_in(arguments, _is_entity)))
        )

    def _lost(self, failure: BaseException) -> DBAPIError | None:
        """Return the driver's error if it tells of a lost connection, after which another attempt is allowed."""
        cause = failure.__cause__
        is_allowed = Repeatable.CONNECTION in self.errors and isinstance(failure, ServiceUnavailableException)
        return (
            cause if is_allowed and isinstance(cause, DBAPIError) and cause.connection_invalidated else None
        )


def _is_undone(lost: DBAPIError) -> bool:
    """Return whether the connection was lost before a commit was sent, and took all that was done on it along."""
    # A commit is no statement to SQLAlchemy.
    return lost.statement is not None and type(lost.orig).__module__.startswith(_UNDOING)


def _reads(lost: DBAPIError) -> bool:
    return (lost.statement or "").lstrip(" \n\t(")[:6].upper() == "SELECT"


def _is_entity(argument: object) -> bool:
    return hasattr(argument, "_sa_instance_state")


def _is_new(entity: object) -> bool:
    """Return whether *entity* was never stored, with all that belongs to it."""
    state = instance_state(entity)
    belonging = (found for _, _, found, _ in state.mapper.cascade_iterator("save-update", state))
    return all(each.key is None and each.session_id is None for each in (state, *belonging))
