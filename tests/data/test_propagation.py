import contextlib

import pytest

from pyfly.data import (
    IllegalTransactionStateError,
    Isolation,
    Propagation,
    UnexpectedRollbackError,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.data.transactions import TransactionOptions
from tests.data.ledger import add, names

Manager = SqlAlchemyTransactionManager
SERVERS = pytest.mark.parametrize("url", ["postgres", "mariadb"], indirect=True)


def using(propagation: Propagation, **others: object) -> TransactionOptions:
    return TransactionOptions(propagation=propagation, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", [Propagation.REQUIRED, Propagation.REQUIRES_NEW, Propagation.NESTED])
async def test_without_a_transaction_these_begin_one(books: Manager, mode: Propagation) -> None:
    async with books.transaction(using(mode)) as begun:
        assert books.current() is begun


@pytest.mark.parametrize("mode", [Propagation.SUPPORTS, Propagation.NOT_SUPPORTED, Propagation.NEVER])
async def test_without_a_transaction_these_run_without_one(books: Manager, mode: Propagation) -> None:
    async with books.transaction(using(mode)) as nothing:
        assert books.current() is None
        assert not nothing.is_active
        await books.write(add, "kept")
    assert await books.read(names) == ["kept"]


async def test_mandatory_needs_a_transaction(books: Manager) -> None:
    with pytest.raises(IllegalTransactionStateError, match="MANDATORY"):
        async with books.transaction(using(Propagation.MANDATORY)):
            pytest.fail("began")


@pytest.mark.parametrize("mode", [Propagation.REQUIRED, Propagation.SUPPORTS, Propagation.MANDATORY])
async def test_within_a_transaction_these_join_it(books: Manager, mode: Propagation) -> None:
    async with books.transaction() as outer, books.transaction(using(mode)) as inner:
        assert inner is outer


async def test_within_a_transaction_never_refuses_to_run(books: Manager) -> None:
    async with books.transaction():
        with pytest.raises(IllegalTransactionStateError, match="NEVER"):
            async with books.transaction(using(Propagation.NEVER)):
                pytest.fail("ran")


@SERVERS
async def test_a_new_transaction_commits_whatever_becomes_of_the_outer_one(books: Manager) -> None:
    with pytest.raises(LookupError):
        async with books.transaction():
            await books.write(add, "outer")
            async with books.transaction(using(Propagation.REQUIRES_NEW)):
                assert await books.read(names) == []
                await books.write(add, "inner")
            raise LookupError
    assert await books.read(names) == ["inner"]


@SERVERS
async def test_work_without_a_transaction_is_kept_whatever_becomes_of_the_outer_one(
    books: Manager,
) -> None:
    with pytest.raises(LookupError):
        async with books.transaction():
            await books.write(add, "outer")
            async with books.transaction(using(Propagation.NOT_SUPPORTED)):
                assert books.current() is None
                await books.write(add, "inner")
            assert books.current() is not None
            raise LookupError
    assert await books.read(names) == ["inner"]


async def test_a_nested_part_rolls_back_alone(books: Manager) -> None:
    async with books.transaction():
        await books.write(add, "before")
        with contextlib.suppress(LookupError):
            async with books.transaction(using(Propagation.NESTED)):
                await books.write(add, "undone")
                raise LookupError
        async with books.transaction(using(Propagation.NESTED)):
            await books.write(add, "kept")
    assert await books.read(names) == ["before", "kept"]


async def test_a_nested_part_is_gone_when_the_whole_rolls_back(books: Manager) -> None:
    with pytest.raises(LookupError):
        async with books.transaction():
            async with books.transaction(using(Propagation.NESTED)):
                await books.write(add, "a")
            raise LookupError
    assert await books.read(names) == []


async def test_a_swallowed_failure_inside_a_nested_part_undoes_the_part_alone(books: Manager) -> None:
    async with books.transaction():
        await books.write(add, "before")
        with pytest.raises(UnexpectedRollbackError):
            async with books.transaction(using(Propagation.NESTED)):
                await books.write(add, "undone")
                with contextlib.suppress(LookupError):
                    async with books.transaction():
                        raise LookupError
        await books.write(add, "after")
    assert await books.read(names) == ["after", "before"]


async def test_nothing_can_be_nested_in_a_transaction_that_can_only_roll_back(books: Manager) -> None:
    async def work() -> None:
        async with books.transaction() as whole:
            whole.set_rollback_only(LookupError())
            with pytest.raises(IllegalTransactionStateError, match="only roll back"):
                async with books.transaction(using(Propagation.NESTED)):
                    pytest.fail("nested")

    with pytest.raises(UnexpectedRollbackError):
        await work()


async def test_a_stricter_isolation_than_that_of_the_running_transaction_is_refused(
    books: Manager,
) -> None:
    strict = using(Propagation.REQUIRED, isolation=Isolation.SERIALIZABLE)
    async with books.transaction():
        with pytest.raises(IllegalTransactionStateError, match="SERIALIZABLE is asked for"):
            async with books.transaction(strict):
                pytest.fail("joined")
    async with books.transaction(strict), books.transaction(using(Propagation.REQUIRED)):
        assert await books.read(names) == []
