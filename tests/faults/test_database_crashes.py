"""T16: a database that crashes and comes back loses nothing that was committed, and its clients recover by themselves."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pyfly.data import DataAccessException
from pyfly.data.relational.properties import PoolProperties, SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, SqlAlchemyTransactionManager
from pyfly.kernel.exceptions import ServiceUnavailableException
from tests.servers.crashing import CrashingPostgres, crashing_postgres

RATE = 100
RECOVERY = 5.0


class Log(DeclarativeBase):
    """The tables of these tests."""


class Pair(Log):
    """Always written as two rows in one transaction: a single one would be half a transaction."""

    __tablename__ = "pairs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    half: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


@pytest.fixture
def server() -> Any:
    with crashing_postgres() as server:
        yield server


@pytest.fixture
async def manager(server: CrashingPostgres) -> AsyncIterator[SqlAlchemyTransactionManager]:
    pool = PoolProperties(
        max_size=10, acquire_timeout=timedelta(seconds=1), connect_timeout=timedelta(seconds=2)
    )
    source = DataSource(server.url, pool=pool, schema=SchemaMode.CREATE, metadata=[Log.metadata])
    await source.start()
    yield SqlAlchemyTransactionManager(source)
    await source.stop()


def write(session: Session, number: int, half: int) -> None:
    session.execute(insert(Pair).values(id=number, half=half))


def everything(session: Session) -> list[tuple[int, int]]:
    return [(row.id, row.half) for row in session.execute(select(Pair.id, Pair.half))]


class Load:
    """Transactions at a fixed rate, and what became of each."""

    def __init__(self, manager: SqlAlchemyTransactionManager) -> None:
        self.manager = manager
        self.committed: set[int] = set()
        self.refused: list[Exception] = []
        self.succeeded_at = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = 0

    async def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._number += 1
            task = asyncio.create_task(self._one(self._number))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await asyncio.sleep(1 / RATE)

    async def settle(self) -> None:
        await asyncio.gather(*self._tasks)

    async def _one(self, number: int) -> None:
        try:
            async with self.manager.transaction():
                await self.manager.write(write, number, 1)
                await self.manager.write(write, number, 2)
        except (ServiceUnavailableException, DataAccessException) as failure:
            self.refused.append(failure)
        else:
            self.committed.add(number)
            self.succeeded_at = time.monotonic()


async def survive(
    manager: SqlAlchemyTransactionManager, server: CrashingPostgres, crashes: int, tally: Any
) -> None:
    load = Load(manager)
    await load.run(0.5)
    for number in range(crashes):
        crash = server.kill if number % 2 == 0 else server.restart_fast
        running = asyncio.create_task(load.run(1.5))
        await asyncio.to_thread(crash)
        await asyncio.to_thread(server.start)
        ready = time.monotonic()
        await running
        await load.run(0.5)
        assert load.succeeded_at > ready, "nothing succeeds after the restart"
        assert load.succeeded_at - ready < RECOVERY
    await load.settle()
    rows = await manager.read(everything)
    whole = {number for number, half in rows if half == 1} & {number for number, half in rows if half == 2}
    assert len(rows) == 2 * len(whole), "half a transaction is there"
    assert load.committed <= whole, "what was committed is gone"
    assert len(manager.source.holders) == 0
    unexpected = [each for each in load.refused if not isinstance(each, ServiceUnavailableException)]
    assert unexpected == []
    tally(len(load.committed) + len(load.refused), len(load.refused))


@pytest.mark.nightly
@pytest.mark.timeout(200)
async def test_crashes_and_restarts_lose_nothing_that_was_committed(
    manager: SqlAlchemyTransactionManager, server: CrashingPostgres, tally: Any
) -> None:
    await survive(manager, server, 10, tally)


async def test_a_crash_loses_nothing_that_was_committed(
    manager: SqlAlchemyTransactionManager, server: CrashingPostgres, tally: Any
) -> None:
    await survive(manager, server, 1, tally)
