"""What is saved can be found, what is deleted cannot."""

from collections.abc import Sequence
from typing import Any

import pytest

from pyfly.data.exceptions import InvalidValueError, UnknownPropertyError
from pyfly.data.pageable import Sort
from pyfly.data.specification import FilterOperator
from pyfly.kernel.exceptions import (
    ConcurrencyException,
    DataIntegrityException,
    ResourceNotFoundException,
)
from pyfly.testing.stores.store import Item, Store

ABSENT = 999_999


def names(items: Sequence[Item]) -> list[str]:
    """Return the names of *items* in their order."""
    return [item.name for item in items]


class CrudContract:
    """Saving, finding, deleting."""

    async def test_what_is_saved_can_be_found(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a", price=3))
        found = await store.items.find_by_id(saved.id)
        assert (found.id, found.name, found.price, found.note) == (saved.id, "a", 3, None)

    async def test_what_is_absent_is_none(self, store: Store) -> None:
        assert await store.items.find_by_id(ABSENT) is None

    async def test_saving_a_found_entity_updates_it(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a"))
        found = await store.items.find_by_id(saved.id)
        found.name = "b"
        assert (await store.items.save(found)).name == "b"
        assert names(await store.items.find_all()) == ["b"]

    async def test_saving_a_new_entity_with_a_known_id_updates_the_stored_one(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a", price=1))
        stored = await store.items.save(store.new_item(id=saved.id, name="b", price=2))
        assert (stored.id, stored.name) == (saved.id, "b")
        assert names(await store.items.find_all()) == ["b"]

    async def test_saving_a_new_entity_with_an_id_of_its_own_inserts_it(self, store: Store) -> None:
        await store.items.save(store.new_item(id=77, name="a"))
        assert (await store.items.find_by_id(77)).name == "a"

    async def test_many_are_saved_in_order(self, store: Store) -> None:
        saved = await store.items.save_all([store.new_item(name=name) for name in "cab"])
        assert names(saved) == ["c", "a", "b"]
        assert await store.items.count() == 3

    async def test_many_are_saved_together_or_not_at_all(self, store: Store) -> None:
        with pytest.raises(DataIntegrityException):
            await store.items.save_all([store.new_item(name="a"), store.new_item(name="a")])
        assert await store.items.count() == 0

    async def test_a_violated_constraint_is_a_data_integrity_exception_without_the_statement(
        self, store: Store
    ) -> None:
        await store.items.save(store.new_item(name="secret"))
        with pytest.raises(DataIntegrityException) as raised:
            await store.items.save(store.new_item(name="secret"))
        assert "secret" not in str(raised.value)
        assert "INSERT" not in str(raised.value)
        assert (raised.value.code, raised.value.context) == ("DATA_INTEGRITY", {"constraint": "unique"})

    @pytest.mark.parametrize("wrong", [0, b"a", ["a"], {"$ne": ""}], ids=repr)
    async def test_values_of_another_type_are_refused(self, store: Store, wrong: Any) -> None:
        await store.items.save(store.new_item(name="a"))
        for call in (
            store.items.find_all(name=wrong),
            store.items.count(name=wrong),
            store.items.find_all_by_spec(FilterOperator.eq("name", wrong)),
            store.items.find_all_by_spec(FilterOperator.contains("name", wrong)),
            store.items.find_all_by_spec(FilterOperator.in_list("name", [wrong])),
            store.items.find_all_by_spec(FilterOperator.gt("price", "1 or 1=1")),
        ):
            with pytest.raises(InvalidValueError) as raised:
                await call
            assert raised.value.code == "INVALID_VALUE"

    async def test_filters_must_all_match(self, store: Store) -> None:
        await store.items.save_all(
            [store.new_item(name="a", price=1), store.new_item(name="b", price=1, note="x")]
        )
        assert names(await store.items.find_all(price=1, note="x")) == ["b"]
        assert names(await store.items.find_all(price=1, note=None)) == ["a"]
        assert await store.items.find_all(price=2) == []

    async def test_a_misspelt_property_is_answered_with_the_nearest_one(self, store: Store) -> None:
        with pytest.raises(UnknownPropertyError, match="did you mean 'name'"):
            await store.items.find_all(Sort.by("nmae"))

    async def test_existence_is_known_without_loading(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a"))
        assert await store.items.exists(saved.id)
        assert await store.items.exists_by_id(saved.id)
        assert not await store.items.exists(ABSENT)

    async def test_deleting_takes_an_entity_or_an_id(self, store: Store) -> None:
        first, second, third = await store.items.save_all([store.new_item(name=name) for name in "abc"])
        await store.items.delete(first)
        await store.items.delete(second.id)
        await store.items.delete_by_id(third.id)
        assert await store.items.count() == 0

    async def test_deleting_what_is_absent_is_no_error(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a"))
        await store.items.delete(saved)
        await store.items.delete(saved)
        await store.items.delete(store.new_item(name="never saved"))
        await store.items.delete_by_id(ABSENT)

    async def test_some_or_all_can_be_deleted(self, store: Store) -> None:
        first, second, _third = await store.items.save_all([store.new_item(name=name) for name in "abc"])
        await store.items.delete_all([first, second.id])
        assert names(await store.items.find_all()) == ["c"]
        await store.items.delete_all()
        assert await store.items.find_all() == []

    async def test_an_absent_entity_that_is_required_is_not_found(self, store: Store) -> None:
        with pytest.raises(ResourceNotFoundException):
            await store.items.get_by_id(ABSENT)

    async def test_a_required_entity_that_is_there_is_returned(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a"))
        assert (await store.items.get_by_id(saved.id)).name == "a"

    async def test_many_are_found_by_their_ids_in_that_order(self, store: Store) -> None:
        first, second, third = await store.items.save_all([store.new_item(name=name) for name in "abc"])
        found = await store.items.find_all_by_id([third.id, ABSENT, first.id, second.id])
        assert names(found) == ["c", "a", "b"]
        assert await store.items.find_all_by_id([]) == []

    async def test_some_are_deleted_by_their_ids(self, store: Store) -> None:
        first, second, _third = await store.items.save_all([store.new_item(name=name) for name in "abc"])
        await store.items.delete_all_by_id([first.id, second.id, ABSENT])
        assert names(await store.items.find_all()) == ["c"]

    async def test_a_thousand_are_saved_in_one_call(self, store: Store) -> None:
        saved = await store.items.save_all([store.new_item(name=f"n{i}", price=i) for i in range(1000)])
        assert len({item.id for item in saved}) == 1000
        assert await store.items.count() == 1000
        assert await store.items.count(price=7) == 1

    async def test_new_and_known_ones_are_saved_together(self, store: Store) -> None:
        known = await store.items.save(store.new_item(name="a"))
        known.price = 5
        await store.items.save_all([known, store.new_item(name="b"), store.new_item(id=500, name="c")])
        found = {item.name: item.price for item in await store.items.find_all()}
        assert found == {"a": 5, "b": 0, "c": 0}

    async def test_what_is_found_is_no_window_into_the_store(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a"))
        found = await store.items.find_by_id(saved.id)
        found.name = "changed"
        assert (await store.items.find_by_id(saved.id)).name == "a"

    async def test_a_removed_unique_value_is_free_again(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a"))
        await store.items.delete(saved.id)
        await store.items.save(store.new_item(name="a"))
        assert await store.items.count() == 1

    async def test_purging_removes_for_good_and_restoring_what_is_absent_fails(self, store: Store) -> None:
        saved = await store.items.save(store.new_item(name="a"))
        await store.items.purge(saved.id)
        await store.items.purge(saved.id)
        with pytest.raises(ResourceNotFoundException):
            await store.items.restore(saved.id)

    async def test_a_version_counts_the_changes(self, store: Store) -> None:
        ticket = await store.tickets.save(store.new_ticket(title="a"))
        first = ticket.version
        ticket.title = "b"
        assert (await store.tickets.save(ticket)).version == first + 1

    async def test_of_two_writers_of_one_version_the_second_is_told_the_current_one(
        self, store: Store
    ) -> None:
        saved = await store.tickets.save(store.new_ticket(title="a"))
        mine = await store.tickets.find_by_id(saved.id)
        saved.title = "b"
        saved = await store.tickets.save(saved)
        mine.title = "c"
        with pytest.raises(ConcurrencyException) as raised:
            await store.tickets.save(mine)
        assert raised.value.code == "STALE_DATA"
        assert raised.value.context["current_version"] == saved.version
        assert (await store.tickets.find_by_id(saved.id)).title == "b"

    async def test_a_stale_entity_is_not_deleted(self, store: Store) -> None:
        saved = await store.tickets.save(store.new_ticket(title="a"))
        stale = await store.tickets.find_by_id(saved.id)
        saved.title = "b"
        await store.tickets.save(saved)
        with pytest.raises(ConcurrencyException):
            await store.tickets.delete(stale)
        assert await store.tickets.count() == 1
