"""Connection pools that know who holds their connections, and say so when there is none left."""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from sqlalchemy import Engine, event
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import (
    AsyncAdaptedQueuePool,
    ConnectionPoolEntry,
    Pool,
    PoolProxiedConnection,
    QueuePool,
)

from pyfly.data.exceptions import PoolExhaustedError
from pyfly.data.relational.sqlalchemy.fair_queue import FairQueue
from pyfly.data.relational.sqlalchemy.holders import Holders
from pyfly.data.relational.sqlalchemy.thread_queue import ThreadQueue
from pyfly.data.relational.sqlalchemy.waiting import PLACE, Waiting
from pyfly.kernel.record import Record


class PoolStatistics(Record):
    """The connections of one data source at one moment, to async and to other code together.

    Attributes:
        in_use: How many are in use.
        idle: How many are open and free.
        waiting: How many units of work wait for one.
        max_size: How many there may be at most, to each kind of code that has had any.
        exhausted: How many units of work were refused one since the start, after waiting for it in vain.
    """

    in_use: int
    idle: int
    waiting: int
    max_size: int
    exhausted: int


def statistics_of(engines: Sequence[Engine], waiting: Waiting, size: int) -> PoolStatistics:
    """Return the numbers of *engines*, each of which has at most *size* connections."""
    pools = [cast("QueuePool", engine.pool) for engine in engines]
    in_use, idle = sum(pool.checkedout() for pool in pools), sum(pool.checkedin() for pool in pools)
    return PoolStatistics(in_use, idle, waiting.now, size * max(1, len(pools)), waiting.exhausted)


def watched_pool(
    name: str, size: int, wait: float, holders: Holders, waiting: Waiting, *, is_async: bool
) -> type[Pool]:
    """Return a class of pools whose error for having no free connection lists *holders*, and count who is *waiting*."""
    base: Any = AsyncAdaptedQueuePool if is_async else QueuePool
    queue: Any = FairQueue if is_async else ThreadQueue

    class WatchedPool(base):  # type: ignore[misc]  # one of two classes of SQLAlchemy
        _queue_class = staticmethod(partial(queue, waiting))

        def connect(self) -> PoolProxiedConnection:
            try:
                return super().connect()  # type: ignore[no-any-return]  # as above
            except PoolTimeoutError as failure:
                waiting.refuse()
                raise PoolExhaustedError(name, size, wait, holders.descriptions()) from failure

        def _do_get(self) -> ConnectionPoolEntry:
            entry: Any = super()._do_get()
            return self._opened() if entry is PLACE else entry

        def _opened(self) -> ConnectionPoolEntry:
            try:
                return self._create_connection()  # type: ignore[no-any-return]  # as above
            except BaseException:
                self._dec_overflow()
                raise

        def _dec_overflow(self) -> bool:
            # There is room for a connection because one could not be opened: nobody will put one back.
            return self._pool.yield_place() or super()._dec_overflow()  # type: ignore[no-any-return]  # as above

    WatchedPool.__module__ = base.__module__  # SQLAlchemy names the logger after it
    return WatchedPool


def watch(engine: Engine, holders: Holders) -> None:
    """Tell *holders* of every connection of *engine* that is taken and given back."""
    event.listen(engine, "checkout", holders.taken)
    event.listen(engine, "checkin", holders.returned)
