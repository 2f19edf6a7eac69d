"""Whether a unit of work whose transaction the database has given up is attempted again."""

from contextvars import ContextVar
from typing import Final

from pyfly.data.transaction_scope import is_any_running
from pyfly.data.transactions import TransactionManager, TransactionOptions

attempt: Final[ContextVar[int]] = ContextVar("pyfly.data.attempt", default=1)
"""Which attempt of its unit of work the current context is in."""


class Repetition:
    """The attempts of one call. Only the outermost unit is repeated: nothing else has happened yet."""

    __slots__ = ("_arguments", "_attempt", "_limit", "_manager")

    def __init__(
        self, manager: TransactionManager, options: TransactionOptions, arguments: tuple[object, ...]
    ) -> None:
        """Count the attempts of a call with *arguments*, the first of which has failed."""
        self._manager = manager
        self._arguments = arguments
        self._limit = 1 if is_any_running() else manager.attempts(options)
        self._attempt = 0

    def __enter__(self) -> None:
        """Count in :data:`attempt` while the context lasts."""
        attempt.set(self._attempt + 1)

    def __exit__(self, *_failure: object) -> None:
        attempt.set(1)

    def pause_after(self, failure: Exception) -> float | None:
        """Return how long to wait before the next attempt; ``None`` if there is none."""
        self._attempt += 1
        if self._attempt >= self._limit or not self._manager.is_repeatable(failure, self._arguments):
            return None
        if self._attempt > 1:
            attempt.set(self._attempt + 1)
        return self._manager.pause_after(self._attempt)
