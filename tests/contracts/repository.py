"""What every repository promises, whichever store is behind it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import pytest

from pyfly.data import (
    CrudRepository,
    Page,
    Pageable,
    PagingRepository,
    RepositoryPort,
    Sort,
    TransactionManager,
)
from pyfly.data.exceptions import UnexpectedRollbackError, UnknownPropertyError
from pyfly.kernel.exceptions import DataIntegrityException


class Item(Protocol):
    """The entity of the suite: ``name`` is unique, ``note`` may be absent."""

    id: Any
    name: str
    price: int
    note: str | None


class Items(Protocol):
    """The repository of the suite, as a store under test offers it."""

    async def save(self, entity: Any) -> Any: ...
    async def save_all(self, entities: Sequence[Any]) -> list[Any]: ...
    async def find_by_id(self, id: Any) -> Any: ...
    async def find_all(self, sort_or_pageable: Any = None, /, **filters: Any) -> Any: ...
    async def find_paginated(self, page: int = 1, size: int = 20, pageable: Any = None) -> Page[Any]: ...
    async def find_all_paged(
        self, page: int = 1, size: int = 20, sort: list[str] | None = None
    ) -> Page[Any]: ...
    async def count(self) -> int: ...
    async def exists(self, id: Any) -> bool: ...
    async def exists_by_id(self, id: Any) -> bool: ...
    async def delete(self, entity_or_id: Any) -> None: ...
    async def delete_by_id(self, id: Any) -> None: ...
    async def delete_all(self, entities_or_ids: Any = None) -> None: ...


NewItem = Callable[..., Item]
ABSENT = 999_999


def names(items: Sequence[Item]) -> list[str]:
    return [item.name for item in items]


class RepositoryContract:
    """A subclass provides ``items`` (an empty repository), ``new_item`` and ``transactions``."""

    async def test_it_satisfies_the_ports(self, items: Items) -> None:
        assert isinstance(items, RepositoryPort)
        assert isinstance(items, CrudRepository)
        assert isinstance(items, PagingRepository)

    async def test_what_is_saved_can_be_found(self, items: Items, new_item: NewItem) -> None:
        saved = await items.save(new_item(name="a", price=3))
        found = await items.find_by_id(saved.id)
        assert (found.id, found.name, found.price, found.note) == (saved.id, "a", 3, None)

    async def test_what_is_absent_is_none(self, items: Items) -> None:
        assert await items.find_by_id(ABSENT) is None

    async def test_saving_a_found_entity_updates_it(self, items: Items, new_item: NewItem) -> None:
        saved = await items.save(new_item(name="a"))
        found = await items.find_by_id(saved.id)
        found.name = "b"
        assert (await items.save(found)).name == "b"
        assert names(await items.find_all()) == ["b"]

    async def test_saving_a_new_entity_with_a_known_id_updates_the_stored_one(
        self, items: Items, new_item: NewItem
    ) -> None:
        saved = await items.save(new_item(name="a", price=1))
        stored = await items.save(new_item(id=saved.id, name="b", price=2))
        assert (stored.id, stored.name) == (saved.id, "b")
        assert names(await items.find_all()) == ["b"]

    async def test_saving_a_new_entity_with_an_id_of_its_own_inserts_it(
        self, items: Items, new_item: NewItem
    ) -> None:
        await items.save(new_item(id=77, name="a"))
        assert (await items.find_by_id(77)).name == "a"

    async def test_many_are_saved_in_order(self, items: Items, new_item: NewItem) -> None:
        saved = await items.save_all([new_item(name=name) for name in "cab"])
        assert names(saved) == ["c", "a", "b"]
        assert await items.count() == 3

    async def test_many_are_saved_together_or_not_at_all(self, items: Items, new_item: NewItem) -> None:
        with pytest.raises(DataIntegrityException):
            await items.save_all([new_item(name="a"), new_item(name="a")])
        assert await items.count() == 0

    async def test_a_violated_constraint_is_a_data_integrity_exception_without_the_statement(
        self, items: Items, new_item: NewItem
    ) -> None:
        await items.save(new_item(name="secret"))
        with pytest.raises(DataIntegrityException) as raised:
            await items.save(new_item(name="secret"))
        assert "secret" not in str(raised.value)
        assert "INSERT" not in str(raised.value)
        assert raised.value.context == {"constraint": "unique"}

    async def test_filters_must_all_match(self, items: Items, new_item: NewItem) -> None:
        await items.save_all([new_item(name="a", price=1), new_item(name="b", price=1, note="x")])
        assert names(await items.find_all(price=1, note="x")) == ["b"]
        assert names(await items.find_all(price=1, note=None)) == ["a"]
        assert await items.find_all(price=2) == []

    async def test_a_list_can_be_sorted(self, items: Items, new_item: NewItem) -> None:
        await items.save_all(
            [new_item(name="a", price=2), new_item(name="b", price=1), new_item(name="c", price=2)]
        )
        sort = Sort.by("price").and_then(Sort.by("name").descending())
        assert names(await items.find_all(sort)) == ["b", "c", "a"]
        assert names(await items.find_all(sort, price=2)) == ["c", "a"]

    @pytest.mark.parametrize("name", ["nmae", "metadata", "__class__", "name; DROP TABLE items", ""])
    async def test_only_mapped_properties_can_be_sorted_and_filtered_by(
        self, items: Items, name: str
    ) -> None:
        with pytest.raises(UnknownPropertyError):
            await items.find_all(Sort.by(name))
        with pytest.raises(UnknownPropertyError):
            await items.find_all(**{name: 1})

    async def test_a_misspelt_property_is_answered_with_the_nearest_one(self, items: Items) -> None:
        with pytest.raises(UnknownPropertyError, match="did you mean 'name'"):
            await items.find_all(Sort.by("nmae"))

    async def test_pages_cut_the_whole_in_a_stable_order(self, items: Items, new_item: NewItem) -> None:
        await items.save_all([new_item(name=name, price=1) for name in "abcde"])
        request = Pageable.of(1, 2, Sort.by("price"))
        pages = [await items.find_all(request), await items.find_all(request.next())]
        assert [len(page.items) for page in pages] == [2, 2]
        assert len({item.name for page in pages for item in page.items}) == 4
        assert {(page.total, page.total_pages) for page in pages} == {(5, 3)}

    async def test_the_last_page_may_be_short_and_the_one_after_it_is_empty(
        self, items: Items, new_item: NewItem
    ) -> None:
        await items.save_all([new_item(name=name) for name in "abc"])
        last = await items.find_paginated(2, 2)
        assert (names(last.items), last.total, last.has_next) == (["c"], 3, False)
        beyond = await items.find_paginated(3, 2)
        assert (beyond.items, beyond.total) == ([], 3)

    async def test_a_page_can_be_filtered(self, items: Items, new_item: NewItem) -> None:
        await items.save_all(
            [new_item(name="a", price=1), new_item(name="b", price=2), new_item(name="c", price=1)]
        )
        page = await items.find_all(Pageable.of(1, 1, Sort.by("name")), price=1)
        assert (names(page.items), page.total) == (["a"], 2)

    async def test_an_unpaged_request_gives_everything(self, items: Items, new_item: NewItem) -> None:
        await items.save_all([new_item(name=name) for name in "ab"])
        page = await items.find_all(Pageable.unpaged())
        assert (len(page.items), page.total, page.total_pages) == (2, 2, 1)

    async def test_sort_properties_may_be_written_with_a_minus(self, items: Items, new_item: NewItem) -> None:
        await items.save_all([new_item(name=name) for name in "abc"])
        assert names((await items.find_all_paged(1, 2, ["-name"])).items) == ["c", "b"]

    async def test_an_empty_store_gives_an_empty_page(self, items: Items) -> None:
        assert await items.find_paginated() == Page([], 0, 1, 20)

    async def test_existence_is_known_without_loading(self, items: Items, new_item: NewItem) -> None:
        saved = await items.save(new_item(name="a"))
        assert await items.exists(saved.id)
        assert await items.exists_by_id(saved.id)
        assert not await items.exists(ABSENT)

    async def test_deleting_takes_an_entity_or_an_id(self, items: Items, new_item: NewItem) -> None:
        first, second, third = await items.save_all([new_item(name=name) for name in "abc"])
        await items.delete(first)
        await items.delete(second.id)
        await items.delete_by_id(third.id)
        assert await items.count() == 0

    async def test_deleting_what_is_absent_is_no_error(self, items: Items, new_item: NewItem) -> None:
        saved = await items.save(new_item(name="a"))
        await items.delete(saved)
        await items.delete(saved)
        await items.delete(new_item(name="never saved"))
        await items.delete_by_id(ABSENT)

    async def test_some_or_all_can_be_deleted(self, items: Items, new_item: NewItem) -> None:
        first, second, _third = await items.save_all([new_item(name=name) for name in "abc"])
        await items.delete_all([first, second.id])
        assert names(await items.find_all()) == ["c"]
        await items.delete_all()
        assert await items.find_all() == []

    async def test_a_transaction_that_ends_keeps_everything(
        self, items: Items, new_item: NewItem, transactions: TransactionManager
    ) -> None:
        async with transactions.transaction():
            await items.save(new_item(name="a"))
            assert names(await items.find_all()) == ["a"]
            await items.save(new_item(name="b"))
        assert await items.count() == 2

    async def test_a_transaction_that_fails_keeps_nothing(
        self, items: Items, new_item: NewItem, transactions: TransactionManager
    ) -> None:
        kept = await items.save(new_item(name="kept", price=1))

        async def work() -> None:
            async with transactions.transaction():
                await items.save(new_item(name="a"))
                kept.price = 2
                await items.save(kept)
                raise LookupError

        with pytest.raises(LookupError):
            await work()
        assert [(item.name, item.price) for item in await items.find_all()] == [("kept", 1)]

    async def test_a_cancelled_transaction_keeps_nothing(
        self, items: Items, new_item: NewItem, transactions: TransactionManager
    ) -> None:
        saved = asyncio.Event()

        async def work() -> None:
            async with transactions.transaction():
                await items.save(new_item(name="a"))
                saved.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await saved.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await items.count() == 0

    async def test_a_swallowed_failure_of_the_store_undoes_the_whole_transaction(
        self, items: Items, new_item: NewItem, transactions: TransactionManager
    ) -> None:
        async def work() -> None:
            async with transactions.transaction():
                await items.save(new_item(name="a"))
                with pytest.raises(DataIntegrityException):
                    await items.save(new_item(name="a"))

        with pytest.raises(UnexpectedRollbackError) as raised:
            await work()
        assert isinstance(raised.value.__cause__, DataIntegrityException)
        assert await items.count() == 0

    async def test_a_bad_request_inside_a_transaction_does_not_undo_it(
        self, items: Items, new_item: NewItem, transactions: TransactionManager
    ) -> None:
        async with transactions.transaction():
            await items.save(new_item(name="a"))
            with pytest.raises(UnknownPropertyError):
                await items.find_all(Sort.by("nmae"))
        assert await items.count() == 1

    async def test_tasks_may_work_side_by_side_in_one_transaction(
        self, items: Items, new_item: NewItem, transactions: TransactionManager
    ) -> None:
        async with transactions.transaction():
            await asyncio.gather(*(items.save(new_item(name=f"n{i}")) for i in range(10)))
        assert await items.count() == 10

    async def test_transactions_side_by_side_do_not_mix(
        self, items: Items, new_item: NewItem, transactions: TransactionManager
    ) -> None:
        async def work(number: int) -> None:
            async with transactions.transaction():
                await items.save(new_item(name=f"n{number}"))
                await asyncio.sleep(0)
                if number % 2:
                    raise LookupError

        results = await asyncio.gather(*(work(i) for i in range(10)), return_exceptions=True)
        assert [type(result) for result in results[:2]] == [type(None), LookupError]
        assert sorted(names(await items.find_all())) == ["n0", "n2", "n4", "n6", "n8"]
