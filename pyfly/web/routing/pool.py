"""The bounded pool of threads in which handlers that are not async run."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from inspect import isawaitable
from queue import SimpleQueue
from typing import Any, Final, NamedTuple

from pyfly.kernel.exceptions import ServiceUnavailableException


class PoolStatus(NamedTuple):
    """What a pool is doing.

    Attributes:
        limit: How many functions may run at a time.
        threads: How many threads there are.
        active: How many functions run.
        waiting: How many wait for a thread.
        completed: How many have ended.
        refused: How many were refused because too many waited.
    """

    limit: int
    threads: int
    active: int
    waiting: int
    completed: int
    refused: int = 0


class _Call:
    """A call that waits for a thread, or runs in one."""

    __slots__ = ("context", "function", "future")

    def __init__(self, future: "asyncio.Future[Any]", function: Callable[[], Any]) -> None:
        self.future = future
        self.context = copy_context()
        self.function = function


_RETRY_SECONDS: Final = 1


class SyncPool:
    """Runs blocking functions off the event loop, with the caller's context variables.

    Its threads are its own: what blocks them delays neither other users of threads nor the end of the process,
    which does not wait for a function that never returns.
    """

    def __init__(self, threads: int, queue: int = 1000) -> None:
        """Run at most *threads* functions at a time; *queue* more wait their turn."""
        self._limit = threads
        self._queue = queue
        self._lock = threading.Lock()
        self._calls: dict[_Call, None] = {}  # those that wait, the oldest first
        self._wake: SimpleQueue[None] = SimpleQueue()  # one item for each idle thread that is to look
        self._threads = self._idle = self._active = self._completed = self._refused = 0

    @property
    def status(self) -> PoolStatus:
        """What the pool is doing right now."""
        with self._lock:
            return PoolStatus(
                self._limit, self._threads, self._active, len(self._calls), self._completed, self._refused
            )

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Return what *function* returns, called in a thread of the pool.

        Raises:
            ServiceUnavailableException: Too many wait already, or the pool is closed before its turn.
        """
        return await self._result(self._limit + self._queue, partial(function, *args, **kwargs))

    async def run_admitted(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Do the same however many wait: for what belongs to a request that has been answered, or half so.

        Raises:
            ServiceUnavailableException: The pool is closed before its turn.
        """
        return await self._result(None, partial(function, *args, **kwargs))

    def close(self) -> None:
        """Let the threads end; callers that wait for one are told that the service is not available."""
        with self._lock:
            threads, self._threads, self._idle = self._threads, 0, 0
            dropped, self._calls = self._calls, {}
            wake, self._wake = self._wake, SimpleQueue()
        for _ in range(threads):
            wake.put(None)
        for call in dropped:
            _tell(_fail, call.future, _unavailable("The service stops"))

    async def _result(self, most: int | None, function: Callable[[], Any]) -> Any:
        call = _Call(asyncio.get_running_loop().create_future(), function)
        self._submit(call, most)
        try:
            result = await call.future
        except asyncio.CancelledError:
            # What nobody waits for any more takes nobody's place and keeps nothing alive.
            with self._lock:
                self._calls.pop(call, None)
            raise
        # A plain function around an async handler, as many decorators make it, returns a coroutine.
        return await result if isawaitable(result) else result

    def _submit(self, call: _Call, most: int | None) -> None:
        with self._lock:
            if most is not None and self._active + len(self._calls) >= most:
                self._refused += 1
                raise _unavailable("Too many requests wait for a thread")
            self._calls[call] = None
            if self._idle:
                self._idle -= 1
                self._wake.put(None)
            elif self._threads < self._limit:
                self._start_thread(call)

    def _start_thread(self, call: _Call) -> None:
        name = f"pyfly-web-{self._threads}"
        thread = threading.Thread(target=self._work, args=(self._wake,), name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError as failure:  # The machine gives no more threads: those that there are have to do.
            if not self._threads:
                self._calls.pop(call)
                raise _unavailable("There is no thread to answer the request") from failure
        else:
            self._threads += 1

    def _work(self, wake: "SimpleQueue[None]") -> None:
        while True:
            with self._lock:
                if wake is not self._wake:
                    return  # the pool has been closed
                call = self._next()
            if call is None:
                wake.get()
                continue
            tell, future, outcome = _run(call)
            del call  # whatever it holds is to be gone before its caller goes on
            with self._lock:
                self._active -= 1
                self._completed += 1
            _tell(tell, future, outcome)
            del future, outcome

    def _next(self) -> _Call | None:
        """Take the call whose turn it is, or become idle."""
        if not self._calls:
            self._idle += 1
            return None
        call = next(iter(self._calls))
        del self._calls[call]
        self._active += 1
        return call


_Settle = Callable[["asyncio.Future[Any]", Any], None]


def _run(call: _Call) -> tuple[_Settle, "asyncio.Future[Any]", Any]:
    """Return how to tell the caller, whom, and what."""
    try:
        return _succeed, call.future, call.context.run(call.function)
    except StopIteration as error:
        # A future cannot hold it: whoever awaits it would take it for the end of a coroutine.
        failure = RuntimeError("the function raised StopIteration")
        failure.__cause__ = error
        return _fail, call.future, failure
    except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the caller
        return _fail, call.future, error
    finally:
        del call  # the traceback of a failure keeps this frame


def _tell(settle: _Settle, future: "asyncio.Future[Any]", outcome: Any) -> None:
    with suppress(RuntimeError):  # the loop is closed, and with it the caller
        future.get_loop().call_soon_threadsafe(settle, future, outcome)


def _succeed(future: "asyncio.Future[Any]", result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


def _unavailable(message: str) -> ServiceUnavailableException:
    return ServiceUnavailableException(message, context={"retry_after": _RETRY_SECONDS})
