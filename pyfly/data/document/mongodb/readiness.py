"""Whether a database can be used yet; an application may start without it and make up for that later."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from pyfly.data.cancellation import settled
from pyfly.data.document.mongodb.errors import translated, unavailable
from pyfly.data.document.mongodb.session import GRACE


class Readiness:
    """What is done once before a database is used, by one attempt for all who wait for it.

    Attributes:
        is_reached: Whether it has been done.
    """

    def __init__(self, make: Callable[[], Coroutine[Any, Any, None]], limit: float) -> None:
        """Become ready by *make*; code that is not async waits for *limit* seconds at most."""
        self.is_reached = False
        self._make = make
        self._limit = limit
        self._loop: asyncio.AbstractEventLoop | None = None
        self._attempt: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Let code that is not async ask the event loop that runs here."""
        self._loop = asyncio.get_running_loop()

    async def end(self) -> None:
        """Forget what was done, and give up an attempt."""
        self.is_reached, self._loop = False, None
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.cancel()
            await asyncio.wait({attempt})

    async def reach(self) -> None:
        """Become ready, or raise what the attempt raises."""
        if not self.is_reached:
            await asyncio.shield(self._attempted())

    def reach_now(self) -> None:
        """Do the same for code that is not async; on the thread of the event loop nobody can wait for it.

        Raises:
            ServiceUnavailableException: The database does not answer, or not yet.
        """
        if self.is_reached:
            return
        loop = self._loop
        if loop is None or not loop.is_running():
            raise unavailable()
        if loop is _running_loop():
            self._attempted().add_done_callback(_seen)  # for the next call
            raise unavailable()
        attempt = asyncio.run_coroutine_threadsafe(self.reach(), loop)
        with translated():
            try:
                attempt.result(self._limit)
            except TimeoutError as failure:
                raise unavailable() from failure

    def _attempted(self) -> "asyncio.Task[None]":
        if self._attempt is None or self._attempt.done():
            # It is no part of a transaction, a request or a limit of time of who happens to be the first.
            self._attempt = asyncio.get_running_loop().create_task(
                settled(self._make(), GRACE), context=Context()
            )
            self._attempt.add_done_callback(_seen)
        return self._attempt


def _seen(attempt: "asyncio.Task[None]") -> None:
    """Look at how *attempt* ended: maybe nobody waits for it any more."""
    if not attempt.cancelled():
        attempt.exception()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
