"""What is counted about policies: calls by their outcome, events, and the state they are in."""

from __future__ import annotations

import functools
from asyncio import CancelledError
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from threading import Lock
from typing import Any, Final, NamedTuple

from pyfly.kernel.exceptions import (
    BulkheadException,
    CircuitBreakerException,
    OperationTimeoutException,
    RateLimitException,
)
from pyfly.resilience.events import PolicyKind
from pyfly.resilience.policy import Function, Guard, is_async

_OWN: Final[Mapping[PolicyKind, tuple[type[BaseException], str]]] = {
    PolicyKind.CIRCUIT_BREAKER: (CircuitBreakerException, "rejected"),
    PolicyKind.RATE_LIMITER: (RateLimitException, "rejected"),
    PolicyKind.BULKHEAD: (BulkheadException, "rejected"),
    PolicyKind.TIME_LIMITER: (OperationTimeoutException, "timed-out"),
}
_STATES: Final = ("closed", "open", "half-open")
_PREFIX: Final = "pyfly_resilience"


class Measurement(NamedTuple):
    """One number about a policy, as systems of metrics want it.

    Attributes:
        name: What is measured, such as ``pyfly_resilience_calls_total``.
        type: ``counter`` for what only grows, ``gauge`` for a level.
        labels: ``kind`` and ``policy``, besides ``outcome``, ``event`` or ``state``.
        value: The number.
    """

    name: str
    type: str
    labels: Mapping[str, str]
    value: float


class Calls:
    """How many calls a policy has had, by their outcome: succeeded, failed, cancelled, rejected, timed-out.

    Attributes:
        succeeded: Counts a call that has returned.
    """

    __slots__ = ("_lock", "_others", "_own", "_own_outcome", "_reads", "_successes", "succeeded")

    def __init__(self, kind: PolicyKind) -> None:
        """Count calls of a policy of *kind*, which decides what it is that makes one rejected."""
        own = _OWN.get(kind)
        self._own: tuple[type[BaseException], ...] = () if own is None else own[:1]
        self._own_outcome = "" if own is None else own[1]
        # Advancing it is one step for all threads, which costs less than a lock; so is reading it, which
        # has to be taken off again.
        self._successes, self._reads = count(), 0
        self.succeeded = self._successes.__next__
        self._others: dict[str, int] = {}
        self._lock = Lock()

    def ended(self, failure: BaseException) -> None:
        """Count a call that has raised *failure*."""
        if isinstance(failure, self._own):
            outcome = self._own_outcome
        else:
            outcome = "cancelled" if isinstance(failure, CancelledError) else "failed"
        with self._lock:
            self._others[outcome] = self._others.get(outcome, 0) + 1

    def by_outcome(self) -> dict[str, int]:
        """Return the numbers."""
        with self._lock:
            successes = next(self._successes) - self._reads
            self._reads += 1
            return {"succeeded": successes, **self._others}


class Counted:
    """Guards functions by a policy, and counts their calls."""

    __slots__ = ("_calls", "_guard")

    def __init__(self, guard: Guard, calls: Calls) -> None:
        """Count in *calls* what goes through *guard*."""
        self._guard, self._calls = guard, calls

    def wrap(self, function: Function) -> Function:
        """Return *function*, guarded and counted."""
        guarded = self._guard.wrap(function)
        counting = self._async if is_async(function) else self._sync
        return functools.wraps(function)(counting(guarded))

    def _sync(self, guarded: Function) -> Function:
        succeeded, ended = self._calls.succeeded, self._calls.ended

        def counted(*args: Any, **kwargs: Any) -> Any:
            try:
                result = guarded(*args, **kwargs)
            except BaseException as failure:
                ended(failure)
                raise
            succeeded()
            return result

        return counted

    def _async(self, guarded: Function) -> Callable[..., Any]:
        succeeded, ended = self._calls.succeeded, self._calls.ended

        async def counted(*args: Any, **kwargs: Any) -> Any:
            try:
                result = await guarded(*args, **kwargs)
            except BaseException as failure:
                ended(failure)
                raise
            succeeded()
            return result

        return counted


def measurements(states: Iterable[Mapping[str, Any]]) -> Iterator[Measurement]:
    """Yield the numbers in *states*, which are the snapshots of policies."""
    for state in states:
        labels = {"kind": state["kind"], "policy": state["name"]}
        for outcome, number in state.get("calls", {}).items():
            yield Measurement(f"{_PREFIX}_calls_total", "counter", {**labels, "outcome": outcome}, number)
        for event, number in state["events"].items():
            yield Measurement(f"{_PREFIX}_events_total", "counter", {**labels, "event": event}, number)
        for each in _STATES if "state" in state else ():
            is_in = float(state["state"] == each)
            yield Measurement(f"{_PREFIX}_state", "gauge", {**labels, "state": each}, is_in)
        for name, value in state.items():
            if isinstance(value, int | float):
                yield Measurement(f"{_PREFIX}_{name}", "gauge", labels, value)
