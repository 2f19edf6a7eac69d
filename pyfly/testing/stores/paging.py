"""Reading a part of a result, in an order."""

import pytest

from pyfly.data.exceptions import UnknownPropertyError
from pyfly.data.page import Page
from pyfly.data.pageable import Pageable, Scroll, Sort
from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.testing.stores.crud import names
from pyfly.testing.stores.store import Store

_ORDERS = (
    "name",
    "-name",
    "price",
    "-price",
    "price,-name",
    "-price,name",
    "sold,price",
    "note",
    "-note,price",
    "id",
    "-id",
)


def _sort(text: str) -> Sort:
    parts = text.split(",")
    found = Sort()
    for part in parts:
        one = Sort.by(part.removeprefix("-"))
        found = found.and_then(one.descending() if part.startswith("-") else one)
    return found


class PagingContract:
    """Pages, slices, cursors, streams, and what may be sorted by."""

    async def test_a_list_can_be_sorted(self, store: Store) -> None:
        await store.items.save_all(
            [
                store.new_item(name="a", price=2),
                store.new_item(name="b", price=1),
                store.new_item(name="c", price=2),
            ]
        )
        sort = Sort.by("price").and_then(Sort.by("name").descending())
        assert names(await store.items.find_all(sort)) == ["b", "c", "a"]
        assert names(await store.items.find_all(sort, price=2)) == ["c", "a"]

    @pytest.mark.parametrize("name", ["nmae", "metadata", "__class__", "name; DROP TABLE items", ""])
    async def test_only_mapped_properties_can_be_sorted_and_filtered_by(
        self, store: Store, name: str
    ) -> None:
        with pytest.raises(UnknownPropertyError):
            await store.items.find_all(Sort.by(name))
        with pytest.raises(UnknownPropertyError):
            await store.items.find_all(**{name: 1})

    async def test_pages_cut_the_whole_in_a_stable_order(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name, price=1) for name in "abcde"])
        request = Pageable.of(1, 2, Sort.by("price"))
        pages = [await store.items.find_all(request), await store.items.find_all(request.next())]
        assert [len(page.items) for page in pages] == [2, 2]
        assert len({item.name for page in pages for item in page.items}) == 4
        assert {(page.total, page.total_pages) for page in pages} == {(5, 3)}

    async def test_the_last_page_may_be_short_and_the_one_after_it_is_empty(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name) for name in "abc"])
        last = await store.items.find_paginated(2, 2)
        assert (names(last.items), last.total, last.has_next) == (["c"], 3, False)
        beyond = await store.items.find_paginated(3, 2)
        assert (beyond.items, beyond.total) == ([], 3)

    async def test_a_page_can_be_filtered(self, store: Store) -> None:
        await store.items.save_all(
            [
                store.new_item(name="a", price=1),
                store.new_item(name="b", price=2),
                store.new_item(name="c", price=1),
            ]
        )
        page = await store.items.find_all(Pageable.of(1, 1, Sort.by("name")), price=1)
        assert (names(page.items), page.total) == (["a"], 2)

    async def test_an_unpaged_request_gives_everything(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name) for name in "ab"])
        page = await store.items.find_all(Pageable.unpaged())
        assert (len(page.items), page.total, page.total_pages) == (2, 2, 1)

    async def test_sort_properties_may_be_written_with_a_minus(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name) for name in "abc"])
        assert names((await store.items.find_all_paged(1, 2, ["-name"])).items) == ["c", "b"]

    async def test_an_empty_store_gives_an_empty_page(self, store: Store) -> None:
        assert await store.items.find_paginated() == Page([], 0, 1, 20)

    @pytest.mark.parametrize("order", _ORDERS)
    @pytest.mark.parametrize("size", [1, 3, 10])
    async def test_a_cursor_goes_through_everything_once(self, store: Store, order: str, size: int) -> None:
        notes = (None, "b", "a", None, "b", None, "a")
        rows = [store.new_item(name=f"n{i}", price=i % 3, sold=i % 2 == 0, note=notes[i]) for i in range(7)]
        await store.items.save_all(rows)
        found, token = [], None
        for _round in range(8):
            cursor = await store.items.find_all(Scroll(token, size, _sort(order)))
            found += names(cursor.items)
            token = cursor.next
            if token is None:
                break
        assert sorted(found) == [f"n{i}" for i in range(7)]
        assert found == names([item async for item in store.items.stream(_sort(order))])

    async def test_a_cursor_goes_on_after_the_row_it_stood_on_is_gone(self, store: Store) -> None:
        saved = await store.items.save_all([store.new_item(name=name) for name in "abcd"])
        first = await store.items.find_all(Scroll(size=2, sort=Sort.by("name")))
        await store.items.delete(saved[1].id)
        await store.items.save(store.new_item(name="aa"))
        rest = await store.items.find_all(Scroll(first.next, 2, Sort.by("name")))
        assert (names(rest.items), rest.has_next) == (["c", "d"], False)

    async def test_a_cursor_can_be_filtered(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name, price=ord(name) % 2) for name in "abcd"])
        cursor = await store.items.find_all(Scroll(size=1, sort=Sort.by("name")), price=1)
        rest = await store.items.find_all(Scroll(cursor.next, 5, Sort.by("name")), price=1)
        assert (names(cursor.items), names(rest.items)) == (["a"], ["c"])

    @pytest.mark.parametrize("token", ["", "x", "AAAA", "W10", "eyJhIjoxfQ", "ü", "a" * 9000, "WyIiLFtdXQ"])
    async def test_a_token_that_is_none_of_ours_is_a_bad_request(self, store: Store, token: str) -> None:
        await store.items.save(store.new_item(name="a"))
        with pytest.raises(InvalidRequestException):
            await store.items.find_all(Scroll(token, 2))

    async def test_a_token_is_good_for_its_own_order_only(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name) for name in "abc"])
        cursor = await store.items.find_all(Scroll(size=1, sort=Sort.by("name")))
        with pytest.raises(InvalidRequestException, match="another order"):
            await store.items.find_all(Scroll(cursor.next, 1, Sort.by("price")))

    async def test_a_slice_looks_ahead_without_counting(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name) for name in "abc"])
        first = await store.items.find_slice(Pageable.of(1, 2, Sort.by("name")))
        last = await store.items.find_slice(Pageable.of(2, 2, Sort.by("name")))
        assert (names(first.items), first.has_next, first.has_previous) == (["a", "b"], True, False)
        assert (names(last.items), last.has_next, last.has_previous) == (["c"], False, True)

    async def test_a_slice_can_be_filtered_and_unpaged(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name, price=ord(name) % 2) for name in "abc"])
        found = await store.items.find_slice(Pageable.unpaged(), price=1)
        assert (sorted(names(found.items)), found.has_next) == (["a", "c"], False)

    async def test_a_stream_yields_everything_and_can_be_left_early(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=f"n{i:04}") for i in range(1100)])
        found = [item.name async for item in store.items.stream(Sort.by("name"))]
        assert (len(found), found[0], found[-1]) == (1100, "n0000", "n1099")
        async for item in store.items.stream():
            assert item.id is not None
            break
        assert await store.items.count() == 1100

    async def test_a_stream_can_be_filtered(self, store: Store) -> None:
        await store.items.save_all([store.new_item(name=name, price=ord(name) % 2) for name in "abc"])
        found = [item.name async for item in store.items.stream(Sort.by("name").descending(), price=1)]
        assert found == ["c", "a"]
