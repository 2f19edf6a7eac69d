"""The idle connections of an async pool, handed to those who wait in the order in which they came.

In the queue that SQLAlchemy uses, whoever comes at the right moment takes what was put back for somebody who waits;
under load, some wait until their time is up although connections come back all the time.
"""

import asyncio
from collections import deque
from typing import Any

from sqlalchemy.util import await_only
from sqlalchemy.util.queue import AsyncAdaptedQueue, Empty

from pyfly.data.relational.sqlalchemy.waiting import PLACE, Waiting


class FairQueue(AsyncAdaptedQueue[Any]):
    """A queue whose items go from hand to hand while somebody waits."""

    def __init__(self, waiting: Waiting, maxsize: int = 0, *, use_lifo: bool = False) -> None:
        """Hold at most *maxsize* idle items, and count in *waiting* who waits for one."""
        super().__init__(maxsize, use_lifo)
        self._waiting = waiting
        self._line: deque[asyncio.Future[Any]] = deque()

    def put_nowait(self, item: Any) -> None:
        """Hand *item* to whoever has waited longest, or keep it."""
        if not self._hand(item):
            super().put_nowait(item)

    def yield_place(self) -> bool:
        """Let whoever has waited longest open a connection; return whether there is anybody."""
        return self._hand(PLACE)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002  # as in SQLAlchemy
        """Return an idle item; if there is none, wait for one at most *timeout* seconds.

        Raises:
            Empty: There was none.
        """
        try:
            return self.get_nowait()
        except Empty:
            if not block:
                raise
        with self._waiting:
            return await_only(self._handed(timeout))

    def _hand(self, item: Any) -> bool:
        while self._line:
            waiter = self._line.popleft()
            if not waiter.done():
                waiter.set_result(item)
                return True
        return False

    async def _handed(self, timeout: float | None) -> Any:  # noqa: ASYNC109  # a timer is cheaper than a scope
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Any] = loop.create_future()
        self._line.append(waiter)
        timer = None if timeout is None else loop.call_later(timeout, _expire, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self.put_nowait(waiter.result())  # it came together with the cancellation
            raise
        finally:
            if timer is not None:
                timer.cancel()
            while self._line and self._line[0].done():
                del self._line[0]  # Those who gave up, in the order in which they came.


def _expire(waiter: "asyncio.Future[Any]") -> None:
    if not waiter.done():
        waiter.set_exception(Empty())
