import asyncio
import contextlib

import pytest

from pyfly.core import PyFlyApplication
from pyfly.data import (
    IllegalTransactionStateError,
    Propagation,
    ReadOnlyTransactionError,
    after_commit,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.data.transactions import TransactionOptions
from tests.data.ledger import add, names
from tests.data.office.records import Clerk, Typist

Manager = SqlAlchemyTransactionManager


async def test_plain_methods_of_a_plain_class_are_transactional(office: PyFlyApplication) -> None:
    typist, clerk = office.context.get_bean(Typist), office.context.get_bean(Clerk)
    assert await asyncio.to_thread(typist.type, "a", "b") == 2
    with pytest.raises(LookupError):
        await asyncio.to_thread(typist.type_and_fail, "c")
    with pytest.raises(ReadOnlyTransactionError):
        await asyncio.to_thread(typist.peek_and_type, "d")
    assert await clerk.titles() == ["a", "b"]


async def test_plain_code_cannot_join_an_async_transaction_by_accident(office: PyFlyApplication) -> None:
    typist = office.context.get_bean(Typist)
    manager = office.context.get_bean(SqlAlchemyTransactionManager)
    async with manager.transaction():
        with pytest.raises(IllegalTransactionStateError):
            await asyncio.to_thread(typist.type, "a")


def using(propagation: Propagation, **others: object) -> TransactionOptions:
    return TransactionOptions(propagation=propagation, **others)  # type: ignore[arg-type]


def test_plain_code_has_the_same_transactions(books: Manager) -> None:
    sync = books.sync
    with books.transaction_sync():
        sync.write(add, "a")
        with contextlib.suppress(LookupError), books.transaction_sync(using(Propagation.NESTED)):
            sync.write(add, "undone")
            raise LookupError
        after_commit(lambda: sync.write(add, "after"))
    with pytest.raises(LookupError), books.transaction_sync():
        sync.write(add, "undone")
        raise LookupError
    assert sync.read(names) == ["a", "after"]


async def test_async_and_plain_code_cannot_share_a_transaction(books: Manager) -> None:
    async with books.transaction():
        with pytest.raises(IllegalTransactionStateError, match="async one"):
            await asyncio.to_thread(books.sync.read, names)
