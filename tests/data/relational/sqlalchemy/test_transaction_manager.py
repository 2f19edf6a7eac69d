import asyncio
import random

import pytest
from sqlalchemy import update

from pyfly.data import DataAccessException
from pyfly.data.relational.sqlalchemy import DataSource, SqlAlchemyTransactionManager
from pyfly.data.transactions import TransactionOptions
from tests.data.relational.sqlalchemy.conftest import StockItem, StockItems


async def test_the_database_refuses_writes_of_a_read_only_transaction(
    items: StockItems, transactions: SqlAlchemyTransactionManager
) -> None:
    async def work() -> None:
        async with transactions.transaction(TransactionOptions(read_only=True)):
            assert await items.count() == 1
            await items.save(StockItem(name="b"))

    await items.save(StockItem(name="a"))
    with pytest.raises(DataAccessException):
        await work()
    await items.save(StockItem(name="c"))
    assert [item.name for item in await items.find_all()] == ["a", "c"]


async def test_no_connection_is_lost_to_cancellation(items: StockItems, source: DataSource) -> None:
    for delay in range(40):
        task = asyncio.create_task(items.save(StockItem(name=f"n{delay}")))
        for _ in range(delay % 8):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await items.count() <= 40
    assert source.engine.pool.status().count("Current Checked out connections: 0") == 1


async def test_a_transaction_that_does_nothing_takes_no_connection(
    transactions: SqlAlchemyTransactionManager, source: DataSource
) -> None:
    async with transactions.transaction():
        assert "checked out connections: 0" in source.engine.pool.status().lower()


async def test_a_transaction_keeps_one_connection_until_it_ends(
    items: StockItems, transactions: SqlAlchemyTransactionManager, source: DataSource
) -> None:
    async with transactions.transaction():
        await items.save(StockItem(name="a"))
        await items.count()
        assert "checked out connections: 1" in source.engine.pool.status().lower()
    assert "checked out connections: 0" in source.engine.pool.status().lower()


async def test_what_is_read_in_a_transaction_is_the_same_object_again(
    items: StockItems, transactions: SqlAlchemyTransactionManager
) -> None:
    saved = await items.save(StockItem(name="a"))
    async with transactions.transaction():
        assert await items.find_by_id(saved.id) is await items.find_by_name("a")


@pytest.mark.parametrize("url", ["memory", "file"], indirect=True)
async def test_on_sqlite_writing_transactions_wait_for_each_other(
    items: StockItems, transactions: SqlAlchemyTransactionManager
) -> None:
    saved = await items.save(StockItem(name="a", price=0))

    async def increase() -> None:
        async with transactions.transaction():
            found = await items.find_by_id(saved.id)
            assert found is not None
            await asyncio.sleep(0)
            found.price += 1
            await items.save(found)

    await asyncio.gather(*(increase() for _ in range(10)))
    assert [item.price for item in await items.find_all()] == [10]


async def move(items: StockItems, giver: int, taker: int) -> None:
    for number, change in sorted(((giver, -1), (taker, 1))):
        changed = update(StockItem).where(StockItem.id == number).values(price=StockItem.price + change)
        async with items.session() as session:
            await session.execute(changed)


@pytest.mark.parametrize("url", ["file", "postgres", "mariadb"], indirect=True)
async def test_interrupted_transfers_are_done_completely_or_not_at_all(
    items: StockItems, transactions: SqlAlchemyTransactionManager, source: DataSource
) -> None:
    stock = await items.save_all([StockItem(name=f"n{number}", price=100) for number in range(4)])
    chance = random.Random(7)

    async def transfer(giver: int, taker: int) -> None:
        async with transactions.transaction():
            await move(items, giver, taker)
            if chance.random() < 0.2:
                raise LookupError

    async def interrupted(number: int) -> None:
        task = asyncio.create_task(transfer(*chance.sample([item.id for item in stock], 2)))
        for _ in range(number % 40):
            await asyncio.sleep(0)
        if number % 3:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for batch in range(0, 80, 8):
        await asyncio.gather(*(interrupted(batch + number) for number in range(8)))
    assert sum(item.price for item in await items.find_all()) == 400
    assert "checked out connections: 0" in source.engine.pool.status().lower()
