"""Transactions: all or nothing, seen from inside at once."""

import asyncio

import pytest

from pyfly.data.exceptions import ReadOnlyTransactionError, UnexpectedRollbackError, UnknownPropertyError
from pyfly.data.pageable import Sort
from pyfly.data.ports.outbound import CrudRepository, PagingRepository, RepositoryPort
from pyfly.data.transactions import Propagation, TransactionOptions, after_commit, after_rollback
from pyfly.kernel.exceptions import DataIntegrityException
from pyfly.testing.stores.crud import names
from pyfly.testing.stores.store import Store


class TransactionContract:
    """One transaction after the other."""

    async def test_a_transaction_that_ends_keeps_everything(self, store: Store) -> None:
        async with store.transactions.transaction():
            await store.items.save(store.new_item(name="a"))
            assert names(await store.items.find_all()) == ["a"]
            await store.items.save(store.new_item(name="b"))
        assert await store.items.count() == 2

    async def test_a_transaction_that_fails_keeps_nothing(self, store: Store) -> None:
        kept = await store.items.save(store.new_item(name="kept", price=1))

        async def work() -> None:
            async with store.transactions.transaction():
                await store.items.save(store.new_item(name="a"))
                kept.price = 2
                await store.items.save(kept)
                raise LookupError

        with pytest.raises(LookupError):
            await work()
        assert [(item.name, item.price) for item in await store.items.find_all()] == [("kept", 1)]

    async def test_a_swallowed_failure_of_the_store_undoes_the_whole_transaction(self, store: Store) -> None:
        async def work() -> None:
            async with store.transactions.transaction():
                await store.items.save(store.new_item(name="a"))
                with pytest.raises(DataIntegrityException):
                    await store.items.save(store.new_item(name="a"))

        with pytest.raises(UnexpectedRollbackError) as raised:
            await work()
        assert isinstance(raised.value.__cause__, DataIntegrityException)
        assert await store.items.count() == 0

    async def test_a_bad_request_inside_a_transaction_does_not_undo_it(self, store: Store) -> None:
        async with store.transactions.transaction():
            await store.items.save(store.new_item(name="a"))
            with pytest.raises(UnknownPropertyError):
                await store.items.find_all(Sort.by("nmae"))
        assert await store.items.count() == 1

    async def test_deletions_are_undone_too(self, store: Store) -> None:
        saved = await store.items.save_all([store.new_item(name=name) for name in "abc"])

        async def work() -> None:
            async with store.transactions.transaction():
                await store.items.delete(saved[0].id)
                await store.items.delete_all()
                assert await store.items.count() == 0
                raise LookupError

        with pytest.raises(LookupError):
            await work()
        assert await store.items.count() == 3

    async def test_a_nested_part_rolls_back_alone(self, store: Store) -> None:
        nested = TransactionOptions(propagation=Propagation.NESTED)

        async def part() -> None:
            async with store.transactions.transaction(nested):
                await store.items.save(store.new_item(name="inner"))
                raise LookupError

        async with store.transactions.transaction():
            await store.items.save(store.new_item(name="outer"))
            with pytest.raises(LookupError):
                await part()
            assert names(await store.items.find_all()) == ["outer"]
        assert names(await store.items.find_all()) == ["outer"]

    async def test_a_nested_part_that_ends_well_stays_a_part_of_the_whole(self, store: Store) -> None:
        nested = TransactionOptions(propagation=Propagation.NESTED)

        async def work() -> None:
            async with store.transactions.transaction():
                async with store.transactions.transaction(nested):
                    await store.items.save(store.new_item(name="inner"))
                raise LookupError

        with pytest.raises(LookupError):
            await work()
        assert await store.items.count() == 0

    async def test_callbacks_follow_the_end(self, store: Store) -> None:
        told: list[str] = []
        async with store.transactions.transaction():
            after_commit(lambda: told.append("committed"))
            after_rollback(lambda: told.append("never"))
            await store.items.save(store.new_item(name="a"))
            assert told == []
        assert told == ["committed"]

    async def test_a_read_only_transaction_refuses_changes(self, store: Store) -> None:
        async def work() -> None:
            async with store.transactions.transaction(TransactionOptions(read_only=True)):
                await store.items.save(store.new_item(name="a"))

        with pytest.raises(ReadOnlyTransactionError) as raised:
            await work()
        assert raised.value.code == "READ_ONLY"
        assert await store.items.count() == 0
        await store.items.save(store.new_item(name="a"))


class ConcurrencyContract:
    """Several tasks at once, cancelled ones among them. For stores used asynchronously."""

    async def test_it_satisfies_the_ports(self, store: Store) -> None:
        assert isinstance(store.items, RepositoryPort)
        assert isinstance(store.items, CrudRepository)
        assert isinstance(store.items, PagingRepository)

    async def test_a_cancelled_transaction_keeps_nothing(self, store: Store) -> None:
        saved = asyncio.Event()

        async def work() -> None:
            async with store.transactions.transaction():
                await store.items.save(store.new_item(name="a"))
                saved.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await saved.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await store.items.count() == 0

    async def test_tasks_may_work_side_by_side_in_one_transaction(self, store: Store) -> None:
        async with store.transactions.transaction():
            await asyncio.gather(*(store.items.save(store.new_item(name=f"n{i}")) for i in range(10)))
        assert await store.items.count() == 10

    async def test_transactions_side_by_side_do_not_mix(self, store: Store) -> None:
        async def work(number: int) -> None:
            async with store.transactions.transaction():
                await store.items.save(store.new_item(name=f"n{number}"))
                await asyncio.sleep(0)
                if number % 2:
                    raise LookupError

        results = await asyncio.gather(*(work(i) for i in range(10)), return_exceptions=True)
        assert [type(result) for result in results[:2]] == [type(None), LookupError]
        assert sorted(names(await store.items.find_all())) == ["n0", "n2", "n4", "n6", "n8"]
