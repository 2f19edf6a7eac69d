"""When an operation on a relational database may be attempted again."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from pyfly.data.repeating import Repeating
from pyfly.kernel.exceptions import ServiceUnavailableException


class RelationalRepeating(Repeating):
    """How often, how soon, and after which failures, lost connections among them."""

    def __init__(self, max_attempts: int, backoff: timedelta) -> None:
        """Allow *max_attempts*, the second after at most *backoff*."""
        super().__init__(max_attempts, backoff, _is_entity)

    def is_transient(self, failure: BaseException, arguments: Iterable[object], *, is_read: bool) -> bool:
        """Return whether one operation on its own may be attempted again.

        What reads may be so when the connection broke, too; whether a write arrived, nobody knows then.
        """
        return self.is_repeatable(failure, arguments) or (is_read and _has_lost_connection(failure))


def _has_lost_connection(failure: BaseException) -> bool:
    cause = failure.__cause__
    return (
        isinstance(failure, ServiceUnavailableException)
        and isinstance(cause, DBAPIError)
        and cause.connection_invalidated
    )


def _is_entity(argument: object) -> bool:
    return hasattr(argument, "_sa_instance_state")
