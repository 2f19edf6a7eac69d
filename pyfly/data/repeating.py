"""When a unit of work that the store has given up may be attempted again, and after how long."""

import random
from collections.abc import Callable, Iterable
from datetime import timedelta

from pyfly.data.exceptions import TransactionConflictError


class Repeating:
    """How often, how soon, and after which failures."""

    def __init__(self, max_attempts: int, backoff: timedelta, is_entity: Callable[[object], bool]) -> None:
        """Allow *max_attempts*, the second after at most *backoff*, unless entities were handed in."""
        self.max_attempts = max_attempts
        self._backoff = backoff.total_seconds()
        self._is_entity = is_entity

    def is_repeatable(self, failure: BaseException, arguments: Iterable[object]) -> bool:
        """Return whether a transaction failed by a conflict, and was not handed entities.

        The first attempt may have changed these; a second one would change them again.
        """
        return isinstance(failure, TransactionConflictError) and not any(map(self._has_entity, arguments))

    def pause_after(self, attempt: int) -> float:
        """Return the seconds to wait: any part of a time that doubles with each attempt."""
        return random.uniform(0, self._backoff * 2 ** (attempt - 1))  # noqa: S311  # no secret

    def _has_entity(self, argument: object) -> bool:
        if isinstance(argument, list | tuple | set | frozenset):
            return any(map(self._has_entity, argument))
        return self._is_entity(argument)
