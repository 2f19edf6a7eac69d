"""Calling again what has failed, later and later."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from random import random
from typing import Any, ClassVar, Final, overload

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import CircuitBreakerException
from pyfly.resilience.deadline import remaining_or
from pyfly.resilience.decorating import Decorator, F, decorator
from pyfly.resilience.durations import Duration, at_least, seconds
from pyfly.resilience.events import EventType, PolicyKind
from pyfly.resilience.policy import Function, Policy, name_of
from pyfly.resilience.retry_state import Outcome, RetryState

Errors = tuple[type[BaseException], ...]
_FOREVER: Final = float("inf")


class Retry(Policy):
    """Calls a function again when it raises, after a delay that grows.

    The last failure reaches the caller as it is, with a note of the number of attempts. An open
    circuit breaker is not retried unless ``retry_on`` names ``CircuitBreakerException``; a failure
    that says ``retry_after`` in its context is given at least that time; no attempt is waited for
    beyond the current :class:`~pyfly.resilience.deadline.Deadline`.
    """

    kind: ClassVar = PolicyKind.RETRY

    def __init__(
        self,
        max_attempts: int = 3,
        *,
        delay: Duration = "100ms",
        multiplier: float = 2.0,
        max_delay: Duration = "10s",
        jitter: float = 0.1,
        retry_on: Errors = (Exception,),
        ignore: Errors = (),
        wait: Callable[[Any], float] | None = None,
        stop: Callable[[Any], bool] | None = None,
        name: str = "",
        clock: Clock | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Say how often and after which delays.

        Args:
            max_attempts: How often the function is called at most, the first time included.
            delay: How long to wait before the second attempt.
            multiplier: By how much each delay is longer than the one before.
            max_delay: The longest delay.
            jitter: The share by which a delay is made longer or shorter at random.
            retry_on: What is retried.
            ignore: What is not, although ``retry_on`` covers it.
            wait: Gives the delay instead, from a :class:`RetryState`: a function, or a strategy of
                tenacity such as ``wait_random_exponential``.
            stop: Says when to give up, besides ``max_attempts``; likewise.
            name: What the policy is called.
            clock: Replaces the clock of the machine.
            pause: How a function that is not async waits.
        """
        super().__init__(name, clock)
        at_least(1, max_attempts, "max_attempts")
        at_least(1, multiplier, "multiplier")
        if not 0 <= jitter <= 1:
            raise ValueError(f"jitter is {jitter!r}; expected a share, at least 0 and at most 1")
        self.max_attempts = max_attempts
        self._delay, self._max_delay = seconds(delay, "delay"), seconds(max_delay, "max_delay")
        self._multiplier, self._jitter = multiplier, jitter
        self._retry_on, self._ignore = retry_on, ignore
        self._retries_breakers = any(issubclass(each, CircuitBreakerException) for each in retry_on)
        self._wait = wait if wait is not None else self._backoff
        self._stop = stop
        self._pause = pause

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that calls *function* until it succeeds."""
        caught_types, again = self._retry_on, self._again

        def retried(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except caught_types as failure:
                caught = failure
            # Outside of the handler, so that failures of many attempts do not become one long chain.
            try:
                return again(caught, function, args, kwargs)
            finally:
                del caught

        return retried

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that awaits *function* until it succeeds."""
        caught_types, again = self._retry_on, self._again_async

        async def retried(*args: Any, **kwargs: Any) -> Any:
            try:
                return await function(*args, **kwargs)
            except caught_types as failure:
                caught = failure
            try:
                return await again(caught, function, args, kwargs)
            finally:
                del caught

        return retried

    def snapshot(self) -> Mapping[str, Any]:
        """Return the limit and what has happened."""
        return {**super().snapshot(), "max_attempts": self.max_attempts}

    def _again(self, failure: BaseException, function: Function, args: Any, kwargs: Any) -> Any:
        state, started = RetryState(), self.clock.monotonic()
        while (delay := self._judge(state, started, failure, function)) is not None:
            self._pause(delay)
            try:
                result = function(*args, **kwargs)
            except self._retry_on as next_failure:
                failure = next_failure
                continue
            self._emit(EventType.RECOVERED, function=name_of(function), attempts=state.attempt_number + 1)
            return result
        try:
            raise failure
        finally:
            del failure, state  # a traceback that reaches its own exception is garbage for the collector

    async def _again_async(self, failure: BaseException, function: Function, args: Any, kwargs: Any) -> Any:
        state, started = RetryState(), self.clock.monotonic()
        while (delay := self._judge(state, started, failure, function)) is not None:
            await self.clock.sleep(delay)
            try:
                result = await function(*args, **kwargs)
            except self._retry_on as next_failure:
                failure = next_failure
                continue
            self._emit(EventType.RECOVERED, function=name_of(function), attempts=state.attempt_number + 1)
            return result
        try:
            raise failure
        finally:
            del failure, state  # a traceback that reaches its own exception is garbage for the collector

    def _judge(
        self, state: RetryState, started: float, failure: BaseException, function: Function
    ) -> float | None:
        """Return how long to wait before the next attempt, or ``None`` when *failure* is final."""
        if not self._is_retried(failure):
            return None
        state.attempt_number += 1
        state.outcome = Outcome(failure)
        state.seconds_since_start = self.clock.monotonic() - started
        state.upcoming_sleep = 0.0
        delay = state.upcoming_sleep = max(float(self._wait(state)), _asked_by(failure))
        is_last = state.attempt_number >= self.max_attempts
        if is_last or delay >= remaining_or(_FOREVER) or (self._stop is not None and self._stop(state)):
            if state.attempt_number > 1:
                failure.add_note(f"{name_of(function)} was given up after {state.attempt_number} attempts")
            self._emit(EventType.EXHAUSTED, function=name_of(function), attempts=state.attempt_number)
            return None
        state.idle_for += delay
        self._emit(
            EventType.RETRIED,
            function=name_of(function),
            attempt=state.attempt_number,
            delay=delay,
            failure=failure,
        )
        return delay

    def _is_retried(self, failure: BaseException) -> bool:
        if isinstance(failure, CircuitBreakerException) and not self._retries_breakers:
            return False
        return not isinstance(failure, self._ignore)

    def _backoff(self, state: RetryState) -> float:
        try:
            grown = self._delay * self._multiplier ** (state.attempt_number - 1)
        except OverflowError:
            grown = self._max_delay
        return min(grown, self._max_delay) * (1 + self._jitter * (2 * random() - 1))  # noqa: S311


def _asked_by(failure: BaseException) -> float:
    """Return the time that *failure* asks to be given, or 0."""
    asked = getattr(failure, "context", None)
    wanted = asked.get("retry_after") if isinstance(asked, Mapping) else None
    return float(wanted) if isinstance(wanted, int | float) else 0.0


@overload
def retry(policy: F, /) -> F: ...


@overload
def retry(
    policy: Retry | str | None = None,
    *,
    max_attempts: int = 3,
    delay: Duration = "100ms",
    multiplier: float = 2.0,
    max_delay: Duration = "10s",
    jitter: float = 0.1,
    retry_on: Errors = (Exception,),
    ignore: Errors = (),
    wait: Callable[[Any], float] | None = None,
    stop: Callable[[Any], bool] | None = None,
) -> Decorator: ...


def retry(policy: Any = None, **settings: Any) -> Any:
    """Call the function again when it raises: by *policy*, or by settings as :class:`Retry` takes them."""
    return decorator(Retry, policy, settings)
