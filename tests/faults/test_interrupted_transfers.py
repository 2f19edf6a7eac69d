"""T04: transfers that are cancelled or fail at any point are done completely or not at all, and leave nothing behind."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.faults.bank import ACCOUNTS, EACH, bank, change, idle_in_transaction, total

__all__ = ["bank"]


async def transfer(
    manager: SqlAlchemyTransactionManager, chance: random.Random, source: int, target: int
) -> None:
    async with manager.transaction():
        for number, amount in sorted(((source, -1), (target, 1))):
            await manager.write(change, number, amount)
            await asyncio.sleep(0)
        if chance.random() < 0.2:
            raise LookupError


async def interrupted(manager: SqlAlchemyTransactionManager, chance: random.Random, number: int) -> int:
    source, target = chance.sample(range(1, ACCOUNTS + 1), 2)
    task = asyncio.create_task(transfer(manager, chance, source, target))
    if number % 3:
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        task.cancel()
    [outcome] = await asyncio.gather(task, return_exceptions=True)
    return int(outcome is not None)


async def storm(
    manager: SqlAlchemyTransactionManager, number: int, tally: Callable[[int, int], None]
) -> None:
    chance, faults = random.Random(4), 0
    for start in range(0, number, 20):
        batch = (interrupted(manager, chance, start + offset) for offset in range(20))
        faults += sum(await asyncio.gather(*batch))
    assert await manager.read(total) == ACCOUNTS * EACH
    assert len(manager.source.holders) == 0
    assert "checked out connections: 0" in manager.source.engine.pool.status().lower()
    assert await manager.read(idle_in_transaction) == 0
    assert faults > number / 4
    tally(number, faults)


async def test_interrupted_transfers_neither_make_nor_lose_money(
    bank: SqlAlchemyTransactionManager, tally: Any
) -> None:
    await storm(bank, 1_000, tally)


@pytest.mark.nightly
async def test_many_interrupted_transfers_neither_make_nor_lose_money(
    bank: SqlAlchemyTransactionManager, tally: Any
) -> None:
    await storm(bank, 10_000, tally)
