"""T15: with fewer connections than callers, nobody hangs: who gets none is told in time, and all comes back."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from pyfly.data import PoolExhaustedError, Propagation
from pyfly.data.relational.properties import PoolProperties
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.data.transactions import TransactionOptions
from tests.faults.bank import ACCOUNTS, EACH, change, opened, total

pytestmark = pytest.mark.timed

NEW = TransactionOptions(propagation=Propagation.REQUIRES_NEW)
SMALL = PoolProperties(max_size=5, acquire_timeout=timedelta(milliseconds=300))


@pytest.fixture
async def small(postgres_url: str) -> AsyncIterator[SqlAlchemyTransactionManager]:
    manager = await opened(postgres_url, SMALL)
    yield manager
    await manager.source.stop()


async def visit(manager: SqlAlchemyTransactionManager, number: int, hold: float) -> float:
    """Return after how many seconds a visitor has been turned away; 0 if it was served."""
    started = time.monotonic()
    try:
        async with manager.transaction():
            await manager.write(change, number % ACCOUNTS + 1, 0)
            await asyncio.sleep(hold)
            if number % 2:
                async with manager.transaction(NEW):
                    await manager.read(total)
    except PoolExhaustedError as failure:
        return time.monotonic() - started if failure.holders else math.inf
    return 0.0


async def rush(
    manager: SqlAlchemyTransactionManager, callers: int, hold: float, limit: float, tally: Any
) -> None:
    waits = await asyncio.wait_for(
        asyncio.gather(*(visit(manager, number, hold) for number in range(callers))), 60
    )
    refused = [wait for wait in waits if wait]
    assert refused, "nobody had to wait"
    assert max(refused) <= limit
    assert len(manager.source.holders) == 0
    started = time.monotonic()
    assert await manager.read(total) == ACCOUNTS * EACH
    assert time.monotonic() - started < 1, "the pool recovers at once"
    tally(callers, len(refused))


async def test_callers_without_a_connection_are_told_in_time(
    small: SqlAlchemyTransactionManager, tally: Any
) -> None:
    # Refused either at the first connection or, having held one, at the second.
    await rush(small, 100, hold=0.4, limit=2 * 0.3 + 0.4 + 0.5, tally=tally)


async def test_the_error_says_who_has_the_connections(small: SqlAlchemyTransactionManager) -> None:
    async def hold(taken: asyncio.Semaphore, done: asyncio.Event) -> None:
        async with small.transaction():
            await small.read(total)
            taken.release()
            await done.wait()

    taken, done = asyncio.Semaphore(0), asyncio.Event()
    holders = [asyncio.create_task(hold(taken, done)) for _ in range(5)]
    for _ in holders:
        await taken.acquire()
    with pytest.raises(PoolExhaustedError, match=r"within 0\.3 s") as raised:
        await small.read(total)
    done.set()
    await asyncio.gather(*holders)
    assert len(raised.value.holders) == 5
    for holder in raised.value.holders:
        assert "test_pool_exhaustion.py" in holder
        assert ".<locals>.hold" in holder


@pytest.mark.nightly
async def test_two_hundred_callers_share_five_connections(postgres_url: str, tally: Any) -> None:
    pool = PoolProperties(max_size=5, acquire_timeout=timedelta(seconds=1))
    manager = await opened(postgres_url, pool)
    try:
        await rush(manager, 200, hold=2.0, limit=2 * 1.0 + 2.0 + 0.5, tally=tally)
    finally:
        await manager.source.stop()
