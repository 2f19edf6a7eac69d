"""When a unit of work that the store has given up may be attempted again, and after how long."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from enum import Enum
from itertools import chain
from typing import Any, Final

from pyfly.data.exceptions import TransactionConflictError


class Repeatable(Enum):
    """A kind of failure after which nothing is left of a unit of work."""

    CONFLICT = "conflict"
    """The store gave the transaction up in favour of another one."""
    CONNECTION = "connection"
    """The connection broke before anything had become permanent."""


EVERYTHING: Final = tuple(Repeatable)


class Repeating:
    """How often, how soon, and after which failures."""

    def __init__(
        self,
        max_attempts: int,
        backoff: timedelta,
        is_entity: Callable[[object], bool],
        errors: Iterable[Repeatable] = EVERYTHING,
    ) -> None:
        """Allow *max_attempts* after *errors*, the second after at most *backoff*, unless entities were handed in."""
        self.max_attempts = max_attempts
        self.errors = frozenset(errors)
        self._backoff = backoff.total_seconds()
        self._is_entity = is_entity

    def is_repeatable(self, failure: BaseException, arguments: Iterable[object]) -> bool:
        """Return whether a transaction failed by a conflict, and was not handed entities.

        The first attempt may have changed these; a second one would change them again.
        """
        is_conflict = Repeatable.CONFLICT in self.errors and isinstance(failure, TransactionConflictError)
        return is_conflict and not self._have_entities(arguments)

    def pause_after(self, attempt: int) -> float:
        """Return the seconds to wait: any part of a time that doubles with each attempt."""
        return random.uniform(0, self._backoff * 2 ** (attempt - 1))  # noqa: S311  # no secret

    def _have_entities(self, arguments: Iterable[object]) -> bool:
        return any(True for _ in entities_in(arguments, self._is_entity))


def entities_in(values: Iterable[object], is_entity: Callable[[object], bool]) -> Iterator[object]:
    """Yield the entities among *values* and inside them: in collections, mappings, dataclasses and models."""
    waiting, seen = [*values], set[int]()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if is_entity(value):
            yield value
        else:
            waiting += _parts(value)


def _parts(value: Any) -> Iterable[object]:
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, type):
        return ()
    names = (getattr(value, "__dataclass_fields__", ()), getattr(type(value), "__pydantic_fields__", ()))
    return [getattr(value, name, None) for name in chain(*names)]
