import contextlib

import pytest

from pyfly.data import (
    Propagation,
    UnexpectedRollbackError,
    after_commit,
    after_rollback,
    before_commit,
    set_rollback_only,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.data.transactions import TransactionOptions
from tests.data.ledger import add, names

Manager = SqlAlchemyTransactionManager


def using(propagation: Propagation, **others: object) -> TransactionOptions:
    return TransactionOptions(propagation=propagation, **others)  # type: ignore[arg-type]


async def test_callbacks_of_a_part_that_was_undone_do_not_wait_for_the_whole(books: Manager) -> None:
    seen: list[str] = []
    async with books.transaction():
        with contextlib.suppress(LookupError):
            async with books.transaction(using(Propagation.NESTED)):
                after_commit(lambda: seen.append("never"))
                after_rollback(lambda: seen.append("part undone"))
                raise LookupError
        async with books.transaction(using(Propagation.NESTED)):
            after_commit(lambda: seen.append("whole committed"))
            after_rollback(lambda: seen.append("never"))
        assert seen == ["part undone"]
    assert seen == ["part undone", "whole committed"]


async def test_what_runs_before_the_commit_is_a_part_of_it(books: Manager) -> None:
    async def write() -> None:
        await books.write(add, "late")

    async with books.transaction():
        before_commit(write)
    assert await books.read(names) == ["late"]


async def test_a_failure_before_the_commit_rolls_back(books: Manager) -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        async with books.transaction():
            await books.write(add, "undone")
            before_commit(fail)
    assert await books.read(names) == []


async def test_whoever_began_a_transaction_may_let_it_roll_back(books: Manager) -> None:
    async with books.transaction():
        await books.write(add, "undone")
        set_rollback_only()
    assert await books.read(names) == []


async def test_the_owner_is_told_when_a_joined_unit_lets_it_roll_back(books: Manager) -> None:
    with pytest.raises(UnexpectedRollbackError):
        async with books.transaction(), books.transaction():
            set_rollback_only()


def test_a_plain_transaction_has_no_async_callbacks(books: Manager) -> None:
    async def later() -> None: ...

    with books.transaction_sync(), pytest.raises(TypeError, match="plain one"):
        after_commit(later)
