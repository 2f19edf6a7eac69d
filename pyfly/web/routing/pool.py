"""The bounded pool of threads in which handlers that are not async run."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from functools import partial
from inspect import isawaitable
from queue import SimpleQueue
from typing import Any, NamedTuple


class PoolStatus(NamedTuple):
    """What a pool is doing.

    Attributes:
        limit: How many functions may run at a time.
        threads: How many threads there are.
        active: How many functions run.
        waiting: How many wait for a thread.
        completed: How many have ended.
    """

    limit: int
    threads: int
    active: int
    waiting: int
    completed: int


class _Call(NamedTuple):
    future: "asyncio.Future[Any]"
    context: Context
    function: Callable[[], Any]


class SyncPool:
    """Runs blocking functions off the event loop, with the caller's context variables.

    Its threads are its own: what blocks them delays neither other users of threads nor the end of the process,
    which does not wait for a function that never returns.
    """

    def __init__(self, threads: int) -> None:
        """Run at most *threads* functions at a time; the rest wait their turn."""
        self._limit = threads
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = self._active = self._pending = self._completed = 0

    @property
    def status(self) -> PoolStatus:
        """What the pool is doing right now."""
        with self._lock:
            waiting = self._pending - self._active
            return PoolStatus(self._limit, self._threads, self._active, waiting, self._completed)

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Return what *function* returns, called in a thread of the pool."""
        future = asyncio.get_running_loop().create_future()
        self._submit(_Call(future, copy_context(), partial(function, *args, **kwargs)))
        result = await future
        # A plain function around an async handler, as many decorators make it, returns a coroutine.
        return await result if isawaitable(result) else result

    def close(self) -> None:
        """Let the threads end; waiting functions are dropped."""
        with self._lock:
            threads, self._threads = self._threads, 0
            self._pending = self._active
            calls, self._calls = self._calls, SimpleQueue()
        while not calls.empty():
            calls.get()
        for _ in range(threads):
            calls.put(None)

    def _submit(self, call: _Call) -> None:
        with self._lock:
            self._pending += 1
            if self._pending > self._threads < self._limit:
                self._start_thread()
            self._calls.put(call)

    def _start_thread(self) -> None:
        name = f"pyfly-web-{self._threads}"
        self._threads += 1
        threading.Thread(target=self._work, args=(self._calls,), name=name, daemon=True).start()

    def _work(self, calls: "SimpleQueue[_Call | None]") -> None:
        while (call := calls.get()) is not None:
            with self._lock:
                self._active += 1
            try:
                if not call.future.cancelled():
                    _run(call)
            finally:
                with self._lock:
                    self._active -= 1
                    self._pending -= 1
                    self._completed += 1
            del call  # whatever it holds is not to live until the next one


def _run(call: _Call) -> None:
    settle: Callable[[], None]
    try:
        settle = partial(_succeed, call.future, call.context.run(call.function))
    except StopIteration as error:
        # A future cannot hold it: whoever awaits it would take it for the end of a coroutine.
        failure = RuntimeError("the function raised StopIteration")
        failure.__cause__ = error
        settle = partial(_fail, call.future, failure)
    except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the caller
        settle = partial(_fail, call.future, error)
    with suppress(RuntimeError):  # the loop is closed, and with it the caller
        call.future.get_loop().call_soon_threadsafe(settle)


def _succeed(future: "asyncio.Future[Any]", result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
