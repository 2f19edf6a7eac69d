"""T04 on documents: transfers that are cancelled, fail or conflict are done completely or not at all."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from pyfly.data import TransactionConflictError
from pyfly.data.document import DocumentProperties
from pyfly.data.document.mongodb import BaseDocument, MongoDatabase, MongoRepository
from tests.faults.conftest import Tally

ACCOUNTS, EACH = 20, 1_000


class Account(BaseDocument):
    id: int | None = None  # type: ignore[assignment]
    balance: int = EACH

    class Settings:
        name = "accounts"


class Accounts(MongoRepository[Account, int]):
    """The accounts of the bank."""


@pytest.fixture
async def database(mongodb_url: str) -> AsyncIterator[MongoDatabase]:
    database = MongoDatabase(DocumentProperties(uri=mongodb_url, max_pool_size=30), [Account])
    await database.start()
    yield database
    await database.stop()


@pytest.fixture
async def accounts(database: MongoDatabase) -> Accounts:
    accounts = Accounts()
    accounts._transactions, accounts._listeners, accounts._hooks = database.transactions, (), None
    await accounts.save_all([Account(id=number) for number in range(1, ACCOUNTS + 1)])
    return accounts


async def transfer(accounts: Accounts, chance: random.Random, source: int, target: int) -> None:
    async with accounts._transactions.transaction():
        for number, amount in sorted(((source, -1), (target, 1))):
            account = await accounts.get_by_id(number)
            account.balance += amount
            await accounts.save(account)
            await asyncio.sleep(0)
        if chance.random() < 0.2:
            raise LookupError


async def interrupted(accounts: Accounts, chance: random.Random, number: int) -> int:
    source, target = chance.sample(range(1, ACCOUNTS + 1), 2)
    task = asyncio.create_task(transfer(accounts, chance, source, target))
    if number % 3 == 0:
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        task.cancel()
    [outcome] = await asyncio.gather(task, return_exceptions=True)
    if isinstance(outcome, Exception) and not isinstance(outcome, LookupError | TransactionConflictError):
        raise outcome
    return int(outcome is not None)


async def storm(accounts: Accounts, number: int, tally: Tally) -> None:
    chance, faults = random.Random(4), 0
    for start in range(0, number, 10):
        batch = (interrupted(accounts, chance, start + offset) for offset in range(10))
        faults += sum(await asyncio.gather(*batch))
    found = await accounts.find_all()
    assert sum(account.balance for account in found) == ACCOUNTS * EACH
    assert any(account.balance != EACH for account in found)
    async with asyncio.timeout(5):
        await accounts.save_all(found)  # would wait for a transaction that somebody has left open
    assert faults > number / 4
    tally(number, faults)


async def test_interrupted_transfers_neither_make_nor_lose_money(accounts: Accounts, tally: Tally) -> None:
    await storm(accounts, 300, tally)


@pytest.mark.nightly
async def test_many_interrupted_transfers_neither_make_nor_lose_money(
    accounts: Accounts, tally: Tally
) -> None:
    await storm(accounts, 5_000, tally)
