"""The states of a circuit breaker and what leads from one to the next; used under the lock of the breaker."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple

from pyfly.resilience.durations import Duration, at_least, seconds
from pyfly.resilience.windows import CountWindow, TimeWindow, Window

_MIN_CALLS_IN_TIME: Final = 10


class CircuitState(Enum):
    """What a circuit breaker does with calls."""

    CLOSED = "closed"
    """They are made."""
    OPEN = "open"
    """They are refused."""
    HALF_OPEN = "half-open"
    """A few are made, to see whether the target has recovered."""


class Verdict(Enum):
    """What a call that has ended says about its target."""

    SUCCESS = 0
    FAILURE = 1
    NEITHER = 2


class Limits(NamedTuple):
    """When a circuit opens, and how it closes again.

    Attributes:
        failures: How many failures open it: in a row, or in the window.
        failure_rate: The share of failed calls in the window that does so instead.
        slow_rate: The share of slow calls in the window that does so too.
        min_calls: How many calls a share needs to mean anything.
        recovery: The seconds for which it stays open.
        permitted: How many calls try the target then.
        patience: The seconds after which it opens again when those calls have not come back.
        new_window: Makes the window, or returns ``None``.
    """

    failures: int
    failure_rate: float | None
    slow_rate: float
    min_calls: int
    recovery: float
    permitted: int
    patience: float
    new_window: Callable[[], Window | None]


class Generation:
    """One stay in a state. A call holds the generation that let it pass; when it is over, so is its say."""

    __slots__ = ("dirty", "failures", "permits", "since", "state", "succeeded", "window")

    def __init__(self, state: CircuitState, since: float, permits: int, window: Window | None) -> None:
        """Begin *state* at the moment *since*."""
        self.state = state
        self.since = since
        self.permits = permits
        self.window = window
        self.failures = 0
        self.succeeded = 0
        # Whether a success changes anything: what decides if it can be passed over without the lock.
        self.dirty = window is not None or state is not CircuitState.CLOSED


class Circuit:
    """The state machine. Times are those of one monotonic clock, given by the caller.

    Attributes:
        current: The generation that it is in.
        closed: The same while it is closed, else ``None``.
        changes: The changes of state that nobody has been told of yet.
    """

    __slots__ = ("_limits", "changes", "closed", "current")

    def __init__(self, limits: Limits, now: float) -> None:
        """Start closed."""
        self._limits = limits
        self.changes: list[tuple[CircuitState, CircuitState]] = []
        self.current = Generation(CircuitState.CLOSED, now, 0, limits.new_window())
        self.closed: Generation | None = self.current

    def state(self, now: float) -> CircuitState:
        """Return the state; an open circuit that would let a call try the target reads as half-open."""
        current = self.current
        if current.state is CircuitState.OPEN and now - current.since >= self._limits.recovery:
            return CircuitState.HALF_OPEN
        return current.state

    def admit(self, now: float) -> Generation | None:
        """Return the generation that lets a call pass, or ``None`` when none does."""
        current = self.current
        if current.state is CircuitState.OPEN and now - current.since >= self._limits.recovery:
            current = self.begin(CircuitState.HALF_OPEN, now)
        if current.state is CircuitState.HALF_OPEN:
            if not current.permits:
                if now - current.since >= self._limits.patience:
                    self.begin(CircuitState.OPEN, now)
                return None
            current.permits -= 1
        return None if current.state is CircuitState.OPEN else current

    def again_in(self, now: float) -> float:
        """Return the seconds after which a call that was not admitted may ask again."""
        current, limits = self.current, self._limits
        limit = limits.recovery if current.state is CircuitState.OPEN else limits.patience
        return max(limit - (now - current.since), 0.0)

    def count(self, generation: Generation, verdict: Verdict, now: float, *, slow: bool) -> None:
        """Draw the consequences of a call that *generation*, if it still lasts, has let pass."""
        if generation is not self.current:
            return
        if verdict is Verdict.NEITHER:
            generation.permits += generation.state is CircuitState.HALF_OPEN
        elif generation.state is CircuitState.HALF_OPEN:
            self._count_trial(generation, now, is_good=verdict is Verdict.SUCCESS and not slow)
        elif generation.state is CircuitState.CLOSED and self._opens(
            generation, now, failed=verdict is Verdict.FAILURE, slow=slow
        ):
            self.begin(CircuitState.OPEN, now)

    def begin(self, state: CircuitState, now: float) -> Generation:
        """Begin *state*."""
        is_closed = state is CircuitState.CLOSED
        permits = self._limits.permitted if state is CircuitState.HALF_OPEN else 0
        self.changes.append((self.current.state, state))
        self.current = Generation(state, now, permits, self._limits.new_window() if is_closed else None)
        self.closed = self.current if is_closed else None
        return self.current

    def _count_trial(self, generation: Generation, now: float, *, is_good: bool) -> None:
        generation.succeeded += is_good
        if not is_good:
            self.begin(CircuitState.OPEN, now)
        elif generation.succeeded == self._limits.permitted:
            self.begin(CircuitState.CLOSED, now)

    def _opens(self, generation: Generation, now: float, *, failed: bool, slow: bool) -> bool:
        limits, window = self._limits, generation.window
        if window is None:
            generation.failures = generation.failures + 1 if failed or slow else 0
            generation.dirty = generation.failures > 0
            return generation.failures >= limits.failures
        window.add(now, failed=failed, slow=slow)
        enough = window.calls >= limits.min_calls
        if enough and slow and window.slow >= limits.slow_rate * window.calls:
            return True
        if limits.failure_rate is None:
            return failed and window.failures >= limits.failures
        return enough and window.failures >= limits.failure_rate * window.calls


def windows(window: int | Duration | None, min_calls: int | None) -> tuple[Callable[[], Window | None], int]:
    """Return what makes a new window, and how many calls a share needs in it.

    Raises:
        ValueError: *window* is neither a number of calls nor a period.
    """
    if window is None:
        return lambda: None, 0
    if isinstance(window, str) and window.strip().isdigit():
        window = int(window)
    if isinstance(window, int):
        size = window
        at_least(1, size, "window")
        return lambda: CountWindow(size), min(min_calls or size, size)
    period = seconds(window, "window")
    if period <= 0:
        raise ValueError(f"window is {window!r}; expected a number of calls or a period")
    return lambda: TimeWindow(period), min_calls or _MIN_CALLS_IN_TIME
