"""Connection pools that know who holds their connections, and say so when there is none left."""

import threading
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Engine, event
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool, PoolProxiedConnection, QueuePool

from pyfly.data.exceptions import PoolExhaustedError
from pyfly.data.relational.sqlalchemy.fair_queue import FairQueue
from pyfly.data.relational.sqlalchemy.holders import Holders
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


class Queue:
    """Who waits for a connection of a data source."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.waiting = 0
        self.exhausted = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.waiting += 1

    def __exit__(self, _type: object, failure: BaseException | None, _traceback: object) -> None:
        with self._lock:
            self.waiting -= 1
            self.exhausted += isinstance(failure, PoolTimeoutError)


def statistics_of(engines: Sequence[Engine], queue: Queue, size: int) -> PoolStatistics:
    """Return the numbers of *engines*, each of which has at most *size* connections."""
    pools = [cast("QueuePool", engine.pool) for engine in engines]
    in_use, idle = sum(pool.checkedout() for pool in pools), sum(pool.checkedin() for pool in pools)
    return PoolStatistics(in_use, idle, queue.waiting, size * max(1, len(pools)), queue.exhausted)


def watched_pool(
    name: str, size: int, wait: float, holders: Holders, queue: Queue, *, is_async: bool
) -> type[Pool]:
    """Return a class of pools whose error for having no free connection lists *holders*; who waits is in *queue*."""
    base: Any = AsyncAdaptedQueuePool if is_async else QueuePool

    class WatchedPool(base):  # type: ignore[misc]  # one of two classes of SQLAlchemy
        _queue_class = FairQueue if is_async else base._queue_class  # noqa: SLF001  # SQLAlchemy's own way to choose

        def connect(self) -> PoolProxiedConnection:
            if self.checkedout() < size:
                return super().connect()  # type: ignore[no-any-return]  # as above
            try:
                with queue:
                    return super().connect()  # type: ignore[no-any-return]  # as above
            except PoolTimeoutError as failure:
                raise PoolExhaustedError(name, size, wait, holders.descriptions()) from failure

    WatchedPool.__module__ = base.__module__  # SQLAlchemy names the logger after it
    return WatchedPool


def watch(engine: Engine, holders: Holders) -> None:
    """Tell *holders* of every connection of *engine* that is taken and given back."""
    event.listen(engine, "checkout", holders.taken)
    event.listen(engine, "checkin", holders.returned)
