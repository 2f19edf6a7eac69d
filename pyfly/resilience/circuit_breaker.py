"""Leaving a target that keeps failing alone for a while, then trying it with a few calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar, Final, overload

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import CircuitBreakerException
from pyfly.resilience.circuit import Circuit, CircuitState, Generation, Limits, Verdict, windows
from pyfly.resilience.decorating import Decorator, F, decorator
from pyfly.resilience.durations import Duration, at_least, seconds, share
from pyfly.resilience.events import EventType, PolicyKind
from pyfly.resilience.policy import Function, Policy

Errors = tuple[type[BaseException], ...]
_DEFAULT_WINDOW: Final = 100
_NEVER: Final = float("inf")


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
        recovery = seconds(recovery_timeout, "recovery_timeout")
        if window is None and failure_rate is not None:
            window = _DEFAULT_WINDOW
        new_window, enough = windows(window, min_calls)
        limits = Limits(
            failures=failure_threshold,
            failure_rate=None if failure_rate is None else share(failure_rate, "failure_rate"),
            slow_rate=share(slow_call_rate, "slow_call_rate"),
            min_calls=enough,
            recovery=recovery,
            permitted=permitted_half_open,
            patience=_or(recovery, max_half_open_wait, "max_half_open_wait"),
            new_window=new_window,
        )
        self._slow = _or(_NEVER, slow_call_duration, "slow_call_duration")
        self._failure_on, self._neutral = failure_on, (*ignore, CircuitBreakerException)
        self._count_cancelled = count_cancelled
        self._circuit = Circuit(limits, self.clock.monotonic())

    @property
    def state(self) -> CircuitState:
        """The state; an open breaker that would let a call try the target reads as half-open."""
        return self._circuit.state(self.clock.monotonic())

    def enter(self) -> Generation:
        """Ask to make a call. What is returned goes to :meth:`leave` when the call has ended.

        Raises:
            CircuitBreakerException: It must not be made; ``context["retry_after"]`` says when to ask again.
        """
        circuit, now = self._circuit, self.clock.monotonic()
        with self._lock:
            admitted = circuit.admit(now)
            again_in = 0.0 if admitted else circuit.again_in(now)
        self._tell()
        if admitted is not None:
            return admitted
        self._emit(EventType.REJECTED, retry_after=again_in)
        raise CircuitBreakerException(
            "Circuit breaker is open", context={"policy": self.name, "retry_after": again_in}
        )

    def leave(self, generation: Generation, failure: BaseException | None = None, took: float = 0.0) -> None:
        """Report how a call that *generation* let pass has ended, and how many seconds it *took*."""
        verdict, now = self._verdict(failure), self.clock.monotonic()
        with self._lock:
            self._circuit.count(generation, verdict, now, slow=took > self._slow)
        self._tell()

    def reset(self) -> None:
        """Close it and forget every failure."""
        self._switch(CircuitState.CLOSED)

    def trip(self) -> None:
        """Open it, as if the target had failed."""
        self._switch(CircuitState.OPEN)

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that calls *function* while the circuit lets it."""
        circuit, enter, leave = self._circuit, self.enter, self.leave

        def guarded(*args: Any, **kwargs: Any) -> Any:
            generation = circuit.closed or enter()
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
        circuit, enter, leave = self._circuit, self.enter, self.leave

        async def guarded(*args: Any, **kwargs: Any) -> Any:
            generation = circuit.closed or enter()
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
        current, state = self._circuit.current, self.state
        window = current.window
        counted = {} if window is None else {"calls": window.calls, "slow": window.slow}
        failures = current.failures if window is None else window.failures
        return {**super().snapshot(), "state": state.value, "failures": failures, **counted}

    def _timed_sync(self, function: Function) -> Function:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            with self._timed():
                return function(*args, **kwargs)

        return guarded

    def _timed_async(self, function: Function) -> Function:
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            with self._timed():
                return await function(*args, **kwargs)

        return guarded

    @contextmanager
    def _timed(self) -> Iterator[None]:
        monotonic = self.clock.monotonic
        generation = self._circuit.closed or self.enter()
        started = monotonic()
        try:
            yield
        except BaseException as failure:
            self.leave(generation, failure, monotonic() - started)
            raise
        self.leave(generation, None, monotonic() - started)

    def _verdict(self, failure: BaseException | None) -> Verdict:
        if failure is None:
            return Verdict.SUCCESS
        if isinstance(failure, self._neutral):
            return Verdict.NEITHER
        if isinstance(failure, self._failure_on):
            return Verdict.FAILURE
        if isinstance(failure, Exception):
            return Verdict.SUCCESS
        return Verdict.FAILURE if self._count_cancelled else Verdict.NEITHER

    def _switch(self, state: CircuitState) -> None:
        with self._lock:
            self._circuit.begin(state, self.clock.monotonic())
        self._tell()

    def _tell(self) -> None:
        circuit = self._circuit
        if not circuit.changes:
            return
        with self._lock:
            changes, circuit.changes = circuit.changes, []
        for before, after in changes:
            self._emit(EventType.STATE_CHANGED, before=before, after=after)


def _or(default: float, given: Duration | None, what: str) -> float:
    return default if given is None else seconds(given, what)


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
