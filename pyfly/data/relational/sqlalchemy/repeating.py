"""When a unit of work that the database has given up may be attempted again, and after how long."""

import random
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from pyfly.data.exceptions import TransactionConflictError
from pyfly.kernel.exceptions import ServiceUnavailableException


class Repeating:
    """How often, how soon, and after which failures."""

    def __init__(self, max_attempts: int, backoff: timedelta) -> None:
        """Allow *max_attempts*, the second after at most *backoff*."""
        self.max_attempts = max_attempts
        self._backoff = backoff.total_seconds()

    def is_repeatable(self, failure: BaseException, arguments: Iterable[object]) -> bool:
        """Return whether a transaction failed by a conflict, and was not handed entities.

        The first attempt may have changed these; a second one would change them again.
        """
        return isinstance(failure, TransactionConflictError) and not any(map(_is_entity, arguments))

    def is_transient(self, failure: BaseException, arguments: Iterable[object], *, is_read: bool) -> bool:
        """Return whether one operation on its own may be attempted again.

        What reads may be so when the connection broke, too; whether a write arrived, nobody knows then.
        """
        return self.is_repeatable(failure, arguments) or (is_read and _has_lost_connection(failure))

    def pause_after(self, attempt: int) -> float:
        """Return the seconds to wait: any part of a time that doubles with each attempt."""
        return random.uniform(0, self._backoff * 2 ** (attempt - 1))  # noqa: S311  # no secret


def _has_lost_connection(failure: BaseException) -> bool:
    cause = failure.__cause__
    return (
        isinstance(failure, ServiceUnavailableException)
        and isinstance(cause, DBAPIError)
        and cause.connection_invalidated
    )


def _is_entity(argument: object) -> bool:
    if isinstance(argument, list | tuple | set | frozenset):
        return any(map(_is_entity, argument))
    return hasattr(argument, "_sa_instance_state")
