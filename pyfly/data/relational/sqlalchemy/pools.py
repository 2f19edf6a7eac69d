"""Connection pools that know who holds their connections, and say so when there is none left."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool, PoolProxiedConnection, QueuePool

from pyfly.data.exceptions import PoolExhaustedError
from pyfly.data.relational.sqlalchemy.holders import Holders


def watched_pool(name: str, size: int, wait: float, holders: Holders, *, is_async: bool) -> type[Pool]:
    """Return a class of pools whose error for having no free connection lists *holders*."""
    base: Any = AsyncAdaptedQueuePool if is_async else QueuePool

    class WatchedPool(base):  # type: ignore[misc]  # one of two classes of SQLAlchemy
        def connect(self) -> PoolProxiedConnection:
            try:
                return super().connect()  # type: ignore[no-any-return]  # as above
            except PoolTimeoutError as failure:
                raise PoolExhaustedError(name, size, wait, holders.descriptions()) from failure

    WatchedPool.__module__ = base.__module__  # SQLAlchemy names the logger after it
    return WatchedPool


def watch(engine: Engine, holders: Holders) -> None:
    """Tell *holders* of every connection of *engine* that is taken and given back."""
    event.listen(engine, "checkout", holders.taken)
    event.listen(engine, "checkin", holders.returned)
