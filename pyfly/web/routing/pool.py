"""The bounded thread pool in which handlers that are not async run."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from inspect import isawaitable
from typing import Any


class SyncPool:
    """Runs blocking functions off the event loop, with the caller's context variables."""

    def __init__(self, threads: int) -> None:
        """Run at most *threads* functions at a time; the rest wait their turn."""
        self._threads = threads
        self._executor: ThreadPoolExecutor | None = None

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Return what *function* returns, called in a thread of the pool."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix="pyfly-web")
        call = partial(copy_context().run, function, *args, **kwargs)
        result = await asyncio.get_running_loop().run_in_executor(self._executor, call)
        # A plain function around an async handler, as many decorators make it, returns a coroutine.
        return await result if isawaitable(result) else result

    def close(self) -> None:
        """Let the threads end; waiting functions are dropped."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
