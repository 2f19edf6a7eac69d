"""Where a retried call stands, as strategies for waiting and stopping read it."""

from __future__ import annotations

from typing import ClassVar


class RetryState:
    """Where a retried call stands. It has what the ``wait`` and ``stop`` strategies of tenacity read.

    Attributes:
        attempt_number: How many attempts have been made.
        outcome: The last attempt; ``outcome.exception()`` is why it failed.
        seconds_since_start: How long ago the first attempt failed.
        idle_for: For how many seconds the call has been waiting in all.
        upcoming_sleep: For how many it is about to wait; 0 while that is being decided.
    """

    __slots__ = ("attempt_number", "idle_for", "outcome", "seconds_since_start", "upcoming_sleep")

    def __init__(self) -> None:
        """Start before the first attempt has been judged."""
        self.attempt_number = 0
        self.outcome = Outcome(None)
        self.seconds_since_start = 0.0
        self.idle_for = 0.0
        self.upcoming_sleep = 0.0


class Outcome:
    """How an attempt ended."""

    __slots__ = ("_failure",)

    failed: ClassVar = True

    def __init__(self, failure: BaseException | None) -> None:
        """Remember *failure*."""
        self._failure = failure

    def exception(self) -> BaseException | None:
        """Return why it failed."""
        return self._failure
