"""Not waiting any longer than is of use."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextvars import Context, copy_context
from datetime import timedelta
from threading import Event, Thread
from typing import Any, ClassVar, Final

from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import OperationTimeoutException
from pyfly.resilience.deadline import Deadline, current, remaining_or
from pyfly.resilience.decorating import Decorator, decorator
from pyfly.resilience.durations import Duration, seconds
from pyfly.resilience.events import EventType, PolicyKind
from pyfly.resilience.policy import Function, Policy, name_of

_log: Final = logging.getLogger("pyfly.resilience")
_GRACE: Final = 0.02  # how long the caller waits for a call that has just been cancelled to clean up


class TimeLimiter(Policy):
    """Cuts calls off after *timeout*, or after what the current deadline leaves if that is less.

    The call runs in a task of its own, which is cancelled; a function that is not async runs in a
    thread, which cannot be. A call that goes on all the same is reported as a runaway, and the caller
    is free. Inside, :meth:`Deadline.current` says how much time is left.

    Context variables that the call sets are its own.
    """

    kind: ClassVar = PolicyKind.TIME_LIMITER

    def __init__(self, timeout: Duration, *, name: str = "", clock: Clock | None = None) -> None:
        """Allow *timeout*. With a *clock* that is not the machine's, async calls are limited by it."""
        super().__init__(name, clock)
        self.timeout = seconds(timeout, "timeout")
        self._runaways: set[object] = set()

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that returns or raises in time."""
        called = name_of(function)

        def limited(*args: Any, **kwargs: Any) -> Any:
            limit = self._limit(called)
            call = _Call(lambda: function(*args, **kwargs), self._inside(limit), called)
            if not call.ended.wait(limit):
                self._abandon(call, called)
                call.when_ended(lambda: self._runaways.discard(call))
                raise self._too_late(called, limit)
            return call.result()

        return limited

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that returns or raises in time."""
        called = name_of(function)

        async def limited(*args: Any, **kwargs: Any) -> Any:
            limit = self._limit(called)
            loop = asyncio.get_running_loop()
            task = loop.create_task(_started(function, args, kwargs), context=self._inside(limit))
            try:
                await self._wait(task, limit)
            except BaseException:
                await self._stop(task, limit, called)
                raise
            if not task.done():
                await self._stop(task, _GRACE, called)
                raise self._too_late(called, limit)
            return task.result()

        return limited

    def snapshot(self) -> Mapping[str, Any]:
        """Return the limit and how many calls go on although they were cut off."""
        return {**super().snapshot(), "timeout": self.timeout, "runaways": len(self._runaways)}

    def _limit(self, called: str) -> float:
        limit = remaining_or(self.timeout)
        if limit <= 0:
            raise self._too_late(called, limit)
        return limit

    def _inside(self, limit: float) -> Context:
        context = copy_context()
        context.run(current.set, Deadline(self.clock.monotonic() + limit, self.clock))
        return context

    async def _wait(self, task: asyncio.Task[Any], limit: float) -> None:
        if isinstance(self.clock, SystemClock):
            await asyncio.wait({task}, timeout=limit)
            return
        timer = asyncio.ensure_future(self.clock.sleep(limit))
        try:
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()

    async def _stop(self, task: asyncio.Task[Any], patience: float, called: str) -> None:
        """Cancel *task* and give it *patience* seconds to end; report it when it does not."""
        task.cancel()
        try:
            await asyncio.wait({task}, timeout=patience)
        finally:
            if not task.done():
                self._abandon(task, called)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._runaways.discard(task)
        if not task.cancelled():
            task.exception()  # nobody waits for it any more

    def _abandon(self, call: object, called: str) -> None:
        self._runaways.add(call)
        _log.warning("%s goes on although its time is up and its caller has left", called)
        self._emit(EventType.RUNAWAY, function=called)

    def _too_late(self, called: str, limit: float) -> OperationTimeoutException:
        self._emit(EventType.TIMED_OUT, function=called, limit=limit)
        return OperationTimeoutException(
            f"{called} exceeded timeout of {limit:g}s", context={"policy": self.name, "timeout": limit}
        )


async def _started(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return await function(*args, **kwargs)


class _Call:
    """A function that runs in a thread of its own."""

    def __init__(self, function: Callable[[], Any], context: Context, called: str) -> None:
        self.ended = Event()
        self._function, self._context = function, context
        self._result: Any = None
        self._failure: BaseException | None = None
        self._afterwards: Callable[[], object] | None = None
        Thread(target=self._run, name=f"time-limited {called}", daemon=True).start()

    def result(self) -> Any:
        """Return what the function returned, or raise what it raised."""
        if self._failure is None:
            return self._result
        try:
            raise self._failure
        finally:
            self._failure = None

    def when_ended(self, callback: Callable[[], object]) -> None:
        """Call *callback* when the function has returned, at once if it has."""
        self._afterwards = callback
        if self.ended.is_set():
            callback()

    def _run(self) -> None:
        try:
            self._result = self._context.run(self._function)
        except BaseException as failure:  # noqa: BLE001  # raised again where the result is asked for
            self._failure = failure
        self.ended.set()
        if self._afterwards is not None:
            self._afterwards()


def time_limiter(
    policy: TimeLimiter | timedelta | str | None = None, *, timeout: Duration | None = None
) -> Decorator:
    """Cut calls off: by *policy*, or after a ``timedelta``, or after *timeout*. A text is a policy's name."""
    if isinstance(policy, timedelta):
        policy, timeout = None, policy
    made: Decorator = decorator(TimeLimiter, policy, {} if timeout is None else {"timeout": timeout})
    return made
