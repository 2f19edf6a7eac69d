import asyncio
import contextlib
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

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


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_what_was_read_is_read_whatever_becomes_of_its_connection(
    books: Manager, ledger: DataSource
) -> None:
    assert await books.read(ended, at_once(ledger)) > 0
    assert await asyncio.to_thread(books.sync.read, ended, at_once(ledger)) > 0
    assert len(ledger.holders) == 0
    assert await books.read(names) == []


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_a_rollback_over_a_broken_connection_hides_no_failure(
    books: Manager, ledger: DataSource
) -> None:
    async def work() -> None:
        async with books.transaction():
            await books.write(add, "a")
            await books.read(ended, at_once(ledger))
            raise LookupError("mine")

    def sync_work() -> None:
        with books.sync.transaction_sync():
            books.sync.write(add, "a")
            books.sync.read(ended, at_once(ledger))
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await work()
    with pytest.raises(LookupError, match="mine"):
        await asyncio.to_thread(sync_work)
    assert len(ledger.holders) == 0
    assert await books.read(names) == []


def at_once(ledger: DataSource) -> Callable[[int], None]:
    """Return what ends the connection with a number: it has gone when the call returns."""

    def end(pid: int) -> None:
        with ledger.sync_engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    return end


def ended(session: Session, end: Callable[[int], None]) -> int:
    """Do some work, after which the database ends the connection: nobody notices before it is given back."""
    pid: int = session.scalar(text("SELECT pg_backend_pid()"))
    end(pid)
    return pid
