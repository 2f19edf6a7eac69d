"""Leaving a target that keeps failing alone for a while, then trying it with a few calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any, ClassVar, Final, overload

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import CircuitBreakerException
from pyfly.resilience.decorating import Decorator, F, decorator
from pyfly.resilience.durations import Duration, at_least, seconds, share
from pyfly.resilience.events import EventType, PolicyKind
from pyfly.resilience.policy import Function, Policy
from pyfly.resilience.windows import CountWindow, TimeWindow, Window

Errors = tuple[type[BaseException], ...]
_DEFAULT_WINDOW: Final = 100
_MIN_CALLS_IN_TIME: Final = 10
_NEVER: Final = float("inf")


class CircuitState(Enum):
    """What a circuit breaker does with calls."""

    CLOSED = "closed"
    """They are made."""
    OPEN = "open"
    """They are refused."""
    HALF_OPEN = "half-open"
    """A few are made, to see whether the target has recovered."""


class _Verdict(Enum):
    SUCCESS = 0
    FAILURE = 1
    NEITHER = 2


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


class CircuitBreaker(Policy):
    """Refuses calls to a target that keeps failing, and lets few through when it may have recovered.

    It opens after *failure_threshold* failures in a row or, with a *window*, as soon as that many,
    or the share *failure_rate*, of the calls in the window have failed. After *recovery_timeout* it
    lets *permitted_half_open* calls through: one that fails opens it again, all of them succeeding
    closes it. Should they not come back within *max_half_open_wait*, it opens again too.

    A call that is cancelled counts neither way and gives its permit back; results that arrive after
    the state has changed are ignored.
    """

    kind: ClassVar = PolicyKind.CIRCUIT_BREAKER

    def __init__(
        self,
        failure_threshold: int = 5,
        recovery_timeout: Duration = timedelta(seconds=30),
        *,
        permitted_half_open: int = 1,
        window: int | Duration | None = None,
        failure_rate: float | None = None,
        min_calls: int | None = None,
        slow_call_duration: Duration | None = None,
        slow_call_rate: float = 1.0,
        max_half_open_wait: Duration | None = None,
        failure_on: Errors = (Exception,),
        ignore: Errors = (),
        count_cancelled: bool = False,
        name: str = "",
        clock: Clock | None = None,
    ) -> None:
        """Say when it opens and how it closes again.

        Args:
            failure_threshold: How many failures open it: in a row, or within the window.
            recovery_timeout: How long it stays open.
            permitted_half_open: How many calls try the target then.
            window: The last so many calls (an int), or the calls of a period (``"60s"``).
            failure_rate: The share of failed calls in the window that opens it, instead of a number.
            min_calls: How many calls a share needs to mean anything; at most a window of calls.
            slow_call_duration: Calls that take longer are slow; without a window, slow is failed.
            slow_call_rate: The share of slow calls in the window that opens it.
            max_half_open_wait: How long it waits for the trying calls; ``recovery_timeout`` if not given.
            failure_on: What counts as a failure; any other exception is a success.
            ignore: What counts neither way.
            count_cancelled: Whether a cancelled call counts as a failure.
            name: What the policy is called.
            clock: Replaces the clock of the machine.
        """
        super().__init__(name, clock)
        at_least(1, failure_threshold, "failure_threshold")
        at_least(1, permitted_half_open, "permitted_half_open")
        self._threshold = failure_threshold
        self._recovery = seconds(recovery_timeout, "recovery_timeout")
        self._permitted = permitted_half_open
        self._max_wait = (
            self._recovery
            if max_half_open_wait is None
            else seconds(max_half_open_wait, "max_half_open_wait")
        )
        self._failure_rate = None if failure_rate is None else share(failure_rate, "failure_rate")
        self._slow = (
            _NEVER if slow_call_duration is None else seconds(slow_call_duration, "slow_call_duration")
        )
        self._slow_rate = share(slow_call_rate, "slow_call_rate")
        if window is None and failure_rate is not None:
            window = _DEFAULT_WINDOW
        self._new_window, self._min_calls = _window(window, min_calls)
        self._failure_on, self._neutral = failure_on, (*ignore, CircuitBreakerException)
        self._count_cancelled = count_cancelled
        self._changes: list[tuple[CircuitState, CircuitState]] = []
        self._current = Generation(CircuitState.CLOSED, self.clock.monotonic(), 0, self._new_window())
        self._closed: Generation | None = self._current

    @property
    def state(self) -> CircuitState:
        """The state; an open breaker that would let a call try the target reads as half-open."""
        current = self._current
        if current.state is CircuitState.OPEN and self._age(current) >= self._recovery:
            return CircuitState.HALF_OPEN
        return current.state

    def enter(self) -> Generation:
        """Ask to make a call. What is returned goes to :meth:`leave` when the call has ended.

        Raises:
            CircuitBreakerException: It must not be made; ``context["retry_after"]`` says when to ask again.
        """
        with self._lock:
            admitted = self._admit()
            again_in = 0.0 if admitted else self._again_in()
        self._tell()
        if admitted is not None:
            return admitted
        self._emit(EventType.REJECTED, retry_after=again_in)
        raise CircuitBreakerException(
            "Circuit breaker is open", context={"policy": self.name, "retry_after": again_in}
        )

    def leave(self, generation: Generation, failure: BaseException | None = None, took: float = 0.0) -> None:
        """Report how a call that *generation* let pass has ended, and how many seconds it *took*."""
        with self._lock:
            if generation is self._current:
                self._count(generation, self._verdict(failure), slow=took > self._slow)
        self._tell()

    def reset(self) -> None:
        """Close it and forget every failure."""
        self._switch(CircuitState.CLOSED)

    def trip(self) -> None:
        """Open it, as if the target had failed."""
        self._switch(CircuitState.OPEN)

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that calls *function* while the circuit lets it."""
        enter, leave = self.enter, self.leave

        def guarded(*args: Any, **kwargs: Any) -> Any:
            generation = self._closed or enter()
            try:
                result = function(*args, **kwargs)
            except BaseException as failure:
                leave(generation, failure)
                raise
            if generation.dirty:
                leave(generation)
            return result

        return guarded if self._slow == _NEVER else self._timed_sync(function)

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that awaits *function* while the circuit lets it."""
        enter, leave = self.enter, self.leave

        async def guarded(*args: Any, **kwargs: Any) -> Any:
            generation = self._closed or enter()
            try:
                result = await function(*args, **kwargs)
            except BaseException as failure:
                leave(generation, failure)
                raise
            if generation.dirty:
                leave(generation)
            return result

        return guarded if self._slow == _NEVER else self._timed_async(function)

    def snapshot(self) -> Mapping[str, Any]:
        """Return the state and what it follows from."""
        current, state = self._current, self.state
        window = current.window
        counted = {} if window is None else {"calls": window.calls, "slow": window.slow}
        failures = current.failures if window is None else window.failures
        return {**super().snapshot(), "state": state.value, "failures": failures, **counted}

    def _timed_sync(self, function: Function) -> Function:
        monotonic = self.clock.monotonic

        def guarded(*args: Any, **kwargs: Any) -> Any:
            generation = self._closed or self.enter()
            started = monotonic()
            try:
                result = function(*args, **kwargs)
            except BaseException as failure:
                self.leave(generation, failure, monotonic() - started)
                raise
            self.leave(generation, None, monotonic() - started)
            return result

        return guarded

    def _timed_async(self, function: Function) -> Function:
        monotonic = self.clock.monotonic

        async def guarded(*args: Any, **kwargs: Any) -> Any:
            generation = self._closed or self.enter()
            started = monotonic()
            try:
                result = await function(*args, **kwargs)
            except BaseException as failure:
                self.leave(generation, failure, monotonic() - started)
                raise
            self.leave(generation, None, monotonic() - started)
            return result

        return guarded

    def _age(self, generation: Generation) -> float:
        return self.clock.monotonic() - generation.since

    def _admit(self) -> Generation | None:
        current = self._current
        if current.state is CircuitState.OPEN and self._age(current) >= self._recovery:
            current = self._begin(CircuitState.HALF_OPEN)
        if current.state is CircuitState.HALF_OPEN:
            if not current.permits:
                if self._age(current) >= self._max_wait:
                    self._begin(CircuitState.OPEN)
                return None
            current.permits -= 1
        return None if current.state is CircuitState.OPEN else current

    def _again_in(self) -> float:
        current = self._current
        limit = self._recovery if current.state is CircuitState.OPEN else self._max_wait
        return max(limit - self._age(current), 0.0)

    def _verdict(self, failure: BaseException | None) -> _Verdict:
        if failure is None:
            return _Verdict.SUCCESS
        if isinstance(failure, self._neutral):
            return _Verdict.NEITHER
        if isinstance(failure, self._failure_on):
            return _Verdict.FAILURE
        if isinstance(failure, Exception):
            return _Verdict.SUCCESS
        return _Verdict.FAILURE if self._count_cancelled else _Verdict.NEITHER

    def _count(self, generation: Generation, verdict: _Verdict, *, slow: bool) -> None:
        if verdict is _Verdict.NEITHER:
            generation.permits += generation.state is CircuitState.HALF_OPEN
        elif generation.state is CircuitState.HALF_OPEN:
            self._count_trial(generation, is_good=verdict is _Verdict.SUCCESS and not slow)
        elif generation.state is CircuitState.CLOSED and self._opens(generation, verdict, slow=slow):
            self._begin(CircuitState.OPEN)

    def _count_trial(self, generation: Generation, *, is_good: bool) -> None:
        generation.succeeded += is_good
        if not is_good:
            self._begin(CircuitState.OPEN)
        elif generation.succeeded == self._permitted:
            self._begin(CircuitState.CLOSED)

    def _opens(self, generation: Generation, verdict: _Verdict, *, slow: bool) -> bool:
        failed = verdict is _Verdict.FAILURE
        window = generation.window
        if window is None:
            generation.failures = generation.failures + 1 if failed or slow else 0
            generation.dirty = generation.failures > 0
            return generation.failures >= self._threshold
        window.add(self.clock.monotonic(), failed=failed, slow=slow)
        enough = window.calls >= self._min_calls
        if enough and slow and window.slow >= self._slow_rate * window.calls:
            return True
        if self._failure_rate is None:
            return failed and window.failures >= self._threshold
        return enough and window.failures >= self._failure_rate * window.calls

    def _begin(self, state: CircuitState) -> Generation:
        """Begin *state*. The lock is held; listeners are told by :meth:`_tell` after it is free."""
        is_closed = state is CircuitState.CLOSED
        permits = self._permitted if state is CircuitState.HALF_OPEN else 0
        self._changes.append((self._current.state, state))
        self._current = Generation(
            state, self.clock.monotonic(), permits, self._new_window() if is_closed else None
        )
        self._closed = self._current if is_closed else None
        return self._current

    def _switch(self, state: CircuitState) -> None:
        with self._lock:
            self._begin(state)
        self._tell()

    def _tell(self) -> None:
        if not self._changes:
            return
        with self._lock:
            changes, self._changes = self._changes, []
        for before, after in changes:
            self._emit(EventType.STATE_CHANGED, before=before, after=after)


def _window(window: int | Duration | None, min_calls: int | None) -> tuple[Callable[[], Window | None], int]:
    """Return what makes a new window, and how many calls a share needs in it."""
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


@overload
def circuit_breaker(policy: F, /) -> F: ...


@overload
def circuit_breaker(
    policy: CircuitBreaker | str | None = None,
    *,
    failure_threshold: int = 5,
    recovery_timeout: Duration = "30s",
    permitted_half_open: int = 1,
    window: int | Duration | None = None,
    failure_rate: float | None = None,
    min_calls: int | None = None,
    slow_call_duration: Duration | None = None,
    slow_call_rate: float = 1.0,
    max_half_open_wait: Duration | None = None,
    failure_on: Errors = (Exception,),
    ignore: Errors = (),
    count_cancelled: bool = False,
) -> Decorator: ...


def circuit_breaker(policy: Any = None, **settings: Any) -> Any:
    """Refuse calls while the function keeps failing: by *policy*, or by settings of :class:`CircuitBreaker`."""
    return decorator(CircuitBreaker, policy, settings)
