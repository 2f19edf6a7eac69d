import asyncio

import pytest

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
