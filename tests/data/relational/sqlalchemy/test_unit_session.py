import asyncio
import contextlib

from pyfly.data import (
    DataSource,
    Propagation,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.data.transactions import TransactionOptions
from tests.data.ledger import Entry, add, names

Manager = SqlAlchemyTransactionManager


def using(propagation: Propagation, **others: object) -> TransactionOptions:
    return TransactionOptions(propagation=propagation, **others)  # type: ignore[arg-type]


async def test_objects_show_what_they_were_before_a_part_that_was_undone(
    books: Manager, ledger: DataSource
) -> None:
    await books.write(add, "a", 1)
    async with books.transaction():
        entry = await books.read(lambda session: session.get(Entry, "a"))
        assert entry is not None
        with contextlib.suppress(LookupError):
            async with books.transaction(using(Propagation.NESTED)):
                entry.amount = 2
                await books.write(lambda session: session.flush())
                raise LookupError
        assert entry.amount == 1
    assert len(ledger.holders) == 0


async def test_a_statement_that_fails_in_a_nested_part_does_not_harm_the_whole(books: Manager) -> None:
    async with books.transaction():
        await books.write(add, "a")
        with contextlib.suppress(Exception):
            async with books.transaction(using(Propagation.NESTED)):
                await books.write(add, "a")
        await books.write(add, "b")
    assert await books.read(names) == ["a", "b"]


async def test_parts_side_by_side_take_turns(books: Manager) -> None:
    async def part(number: int) -> None:
        async with books.transaction(using(Propagation.NESTED)):
            await books.write(add, f"n{number}")
            await asyncio.sleep(0)
            if number % 2:
                raise LookupError

    async with books.transaction():
        await asyncio.gather(*(part(number) for number in range(6)), return_exceptions=True)
    assert await books.read(names) == ["n0", "n2", "n4"]
