"""What all policies share: a name, a clock, listeners, and wrapping functions of both colours."""

from __future__ import annotations

import functools
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from inspect import isasyncgenfunction, isawaitable, iscoroutinefunction, isgeneratorfunction
from threading import Lock
from typing import Any, ClassVar, Final, Protocol, TypeVar

from pyfly.kernel.clock import Clock, SystemClock
from pyfly.resilience.events import EventType, Listener, PolicyKind, ResilienceEvent

F = TypeVar("F", bound=Callable[..., Any])
Function = Callable[..., Any]

_log: Final = logging.getLogger("pyfly.resilience")
SYSTEM_CLOCK: Final = SystemClock()


class Guard(Protocol):
    """Something that puts itself around functions."""

    def wrap(self, function: Function) -> Function:
        """Return *function*, guarded."""


class Policy(ABC):
    """Decides whether, how often and for how long a function may run.

    One object may guard any number of functions, sync and async, from any number of threads and
    event loops: they share its state.
    """

    kind: ClassVar[PolicyKind]

    def __init__(self, name: str = "", clock: Clock | None = None) -> None:
        """Call the policy *name* in events and errors; *clock* replaces that of the machine."""
        self.name = name
        self.clock: Clock = clock if clock is not None else SYSTEM_CLOCK
        self._lock = Lock()
        self._listeners: tuple[Listener, ...] = ()
        self._counts: dict[str, int] = {}

    @abstractmethod
    def wrap_sync(self, function: Function) -> Function:
        """Return a function that calls *function* as the policy allows."""

    @abstractmethod
    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that awaits *function* as the policy allows."""

    def wrap(self, function: F) -> F:
        """Return *function*, sync or async, guarded by this policy.

        Raises:
            TypeError: It is a generator function, which does its work after it has returned.
        """
        wrapped = self.wrap_async(function) if is_async(function) else self.wrap_sync(function)
        return functools.wraps(function)(wrapped)  # type: ignore[return-value]  # the signature is kept

    async def call(self, function: Function, *args: Any, **kwargs: Any) -> Any:
        """Call *function*, which may be async or return an awaitable, under this policy."""

        async def called() -> Any:
            result = function(*args, **kwargs)
            return await result if isawaitable(result) else result

        called.__name__ = name_of(function)
        return await self.wrap_async(called)()

    def call_sync(self, function: Function, *args: Any, **kwargs: Any) -> Any:
        """Call *function*, which is not async, under this policy."""
        return self.wrap_sync(function)(*args, **kwargs)

    def add_listener(self, listener: Listener) -> None:
        """Tell *listener* of what happens from now on; adding it twice is adding it once."""
        with self._lock:
            if listener not in self._listeners:
                self._listeners = (*self._listeners, listener)

    def remove_listener(self, listener: Listener) -> None:
        """Stop telling *listener*, if it was told."""
        with self._lock:
            self._listeners = tuple(each for each in self._listeners if each != listener)

    def snapshot(self) -> Mapping[str, Any]:
        """Return the state and how often each kind of event has happened."""
        with self._lock:
            return {"kind": self.kind.value, "name": self.name, "events": dict(self._counts)}

    def _emit(self, type_: EventType, **details: Any) -> None:
        """Count an event and tell listeners of it. The lock must not be held."""
        with self._lock:
            self._counts[type_.value] = self._counts.get(type_.value, 0) + 1
        if not self._listeners:
            return
        event = ResilienceEvent(kind=self.kind, policy=self.name, type=type_, details=details)
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001  # who listens must not change what happens
                _log.exception("A listener failed on %s of %s %s", type_.value, self.kind.value, self.name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>" if self.name else f"<{type(self).__name__}>"


def is_async(function: Function) -> bool:
    """Say whether calling *function* gives a coroutine.

    Raises:
        TypeError: It is a generator function, which no policy can guard.
    """
    if isgeneratorfunction(function) or isasyncgenfunction(function):
        raise TypeError(
            f"{name_of(function)} is a generator: its work is done while it is iterated, where no policy "
            "can guard it; guard a function that consumes it"
        )
    return iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004


def monotonic_of(clock: Clock) -> Callable[[], float]:
    """Return ``clock.monotonic``, for the clock of the machine without a Python function around it."""
    return time.monotonic if type(clock) is SystemClock else clock.monotonic


def name_of(function: Function) -> str:
    """Return what to call *function* in messages."""
    return str(getattr(function, "__name__", None) or type(function).__name__)
