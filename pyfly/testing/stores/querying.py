"""Derived queries and specifications, held against plain Python."""

from collections.abc import Callable
from typing import Any

import pytest

from pyfly.data.exceptions import NonUniqueResultError, UnknownPropertyError
from pyfly.data.pageable import Pageable, Scroll, Sort
from pyfly.data.specification import FilterOperator as Op
from pyfly.data.specification import FilterUtils, Specification
from pyfly.testing.stores.crud import names
from pyfly.testing.stores.queries import CONDITIONS, ROWS, Condition, method_name
from pyfly.testing.stores.store import Item, Store

_BY_TEXT = [pytest.param(each, id=f"{each.text}{each.arguments}") for each in CONDITIONS]
_Holds = Callable[[Any], bool]

SPECIFICATIONS: tuple[tuple[str, Specification[Any], _Holds], ...] = (
    ("eq", Op.eq("name", "apple"), lambda i: i.name == "apple"),
    ("eq none", Op.eq("note", None), lambda i: i.note is None),
    ("neq", Op.neq("price", 2), lambda i: i.price != 2),
    ("neq null", Op.neq("note", "red"), lambda i: i.note is not None and i.note != "red"),
    ("gt", Op.gt("price", 4), lambda i: i.price > 4),
    ("gte", Op.gte("price", 5), lambda i: i.price >= 5),
    ("lt", Op.lt("price", 3), lambda i: i.price < 3),
    ("lte", Op.lte("price", 3), lambda i: i.price <= 3),
    ("like", Op.like("name", "%e"), lambda i: i.name.endswith("e")),
    ("contains percent", Op.contains("name", "%"), lambda i: "%" in i.name),
    ("contains underscore", Op.contains("note", "_"), lambda i: "_" in (i.note or "")),
    ("starts", Op.starts_with("name", "a"), lambda i: i.name.startswith("a")),
    ("ends", Op.ends_with("name", "%"), lambda i: i.name.endswith("%")),
    ("in", Op.in_list("price", [1, 9]), lambda i: i.price in (1, 9)),
    ("in nothing", Op.in_list("price", []), lambda i: False),
    ("not in nothing", ~Op.in_list("price", []), lambda i: True),
    ("null", Op.is_null("note"), lambda i: i.note is None),
    ("not null", Op.is_not_null("note"), lambda i: i.note is not None),
    ("between", Op.between("price", 2, 5), lambda i: 2 <= i.price <= 5),
    ("and", Op.eq("sold", True) & Op.gt("price", 2), lambda i: i.sold and i.price > 2),
    ("or", Op.eq("price", 1) | Op.eq("price", 9), lambda i: i.price in (1, 9)),
    ("not", ~Op.gt("price", 2), lambda i: not i.price > 2),
    ("not over null", ~Op.eq("note", "red"), lambda i: i.note is not None and i.note != "red"),
    ("not and", ~(Op.eq("sold", True) & Op.gt("price", 2)), lambda i: not (i.sold and i.price > 2)),
    (
        "nested",
        (Op.eq("price", 5) | Op.eq("price", 7)) & ~Op.eq("sold", True),
        lambda i: i.price in (5, 7) and not i.sold,
    ),
    ("by", FilterUtils.by(price=5, sold=True), lambda i: i.price == 5 and i.sold),
    ("by nothing", FilterUtils.by(), lambda i: True),
    ("from dict", FilterUtils.from_dict({"price": 2, "note": None}), lambda i: i.price == 2),
    ("function", Specification(lambda item: item.price > 4), lambda i: i.price > 4),
    ("function of none", Specification(lambda item: item.note.is_(None)), lambda i: i.note is None),
    ("function in", Specification(lambda item: item.price.in_([1, 2])), lambda i: i.price in (1, 2)),
    ("nothing said", Specification(lambda item: None), lambda i: True),
    ("nothing and", Specification(lambda item: None) & Op.eq("price", 2), lambda i: i.price == 2),
    ("nothing or", Specification(lambda item: None) | Op.eq("price", 2), lambda i: i.price == 2),
    ("not nothing", ~Specification(lambda item: None), lambda i: True),
    ("nested field", Op.eq("name", "fig'; --"), lambda i: i.name == "fig'; --"),
)
_BY_NAME = [pytest.param(spec, holds, id=name) for name, spec, holds in SPECIFICATIONS]


async def filled(store: Store) -> list[Item]:
    """Save the rows of the suite and return them by name."""
    rows = [store.new_item(name=name, price=price, note=note, sold=sold) for name, price, note, sold in ROWS]
    return sorted(await store.items.save_all(rows), key=lambda item: item.name)


def call(store: Store, pattern: str, condition: Condition, *more: Any) -> Any:
    """Call the query method that asks *condition*."""
    return getattr(store.items, method_name(pattern, condition))(*condition.arguments, *more)


class QueryContract:
    """Derived queries and specifications."""

    @pytest.mark.parametrize("condition", _BY_TEXT)
    async def test_a_derived_query_finds_what_its_name_says(self, store: Store, condition: Condition) -> None:
        wanted = [item.name for item in await filled(store) if condition.holds(item)]
        found = await call(store, "find_by_{}_order_by_name", condition)
        assert sorted(names(found)) == wanted

    @pytest.mark.parametrize("condition", _BY_TEXT)
    async def test_a_derived_query_counts_and_knows_whether_there_is_any(
        self, store: Store, condition: Condition
    ) -> None:
        wanted = sum(condition.holds(item) for item in await filled(store))
        assert await call(store, "count_by_{}", condition) == wanted
        assert await call(store, "exists_by_{}", condition) is (wanted > 0)

    @pytest.mark.parametrize("condition", _BY_TEXT)
    async def test_a_derived_deletion_removes_what_its_name_says_and_nothing_else(
        self, store: Store, condition: Condition
    ) -> None:
        kept = [item.name for item in await filled(store) if not condition.holds(item)]
        assert await call(store, "delete_by_{}", condition) == len(ROWS) - len(kept)
        assert sorted(names(await store.items.find_all())) == kept

    @pytest.mark.parametrize("condition", _BY_TEXT)
    async def test_a_derived_query_pages_and_limits(self, store: Store, condition: Condition) -> None:
        wanted = [item for item in await filled(store) if condition.holds(item)]
        page = await call(store, "find_all_by_{}", condition, Pageable.of(1, 2, Sort.by("id")))
        assert (names(page.items), page.total) == (
            names(sorted(wanted, key=lambda item: item.id)[:2]),
            len(wanted),
        )
        top = await call(store, "find_top2_by_{}_order_by_price_desc_name", condition)
        assert [item.price for item in top] == sorted((item.price for item in wanted), reverse=True)[:2]

    @pytest.mark.parametrize(("spec", "holds"), _BY_NAME)
    async def test_a_specification_is_met_by_what_it_says(
        self, store: Store, spec: Specification[Any], holds: _Holds
    ) -> None:
        wanted = [item for item in await filled(store) if holds(item)]
        assert names(sorted(await store.items.find_all_by_spec(spec), key=lambda i: i.name)) == names(wanted)
        assert await store.items.count_by_spec(spec) == len(wanted)
        assert await store.items.exists_by_spec(spec) is bool(wanted)
        page = await store.items.find_all_by_spec_paged(spec, Pageable.of(1, 2, Sort.by("id")))
        assert (len(page.items), page.total) == (min(2, len(wanted)), len(wanted))
        assert await store.items.delete_by_spec(spec) == len(wanted)
        assert await store.items.count() == len(ROWS) - len(wanted)

    async def test_a_single_answer_is_the_one_or_none_or_an_error(self, store: Store) -> None:
        await filled(store)
        assert (await store.items.find_by_price_and_name(1, "apple")).name == "apple"
        assert await store.items.find_by_price_and_name(1, "cherry") is None
        await store.items.save(store.new_item(name="twin", price=1, note="red"))
        with pytest.raises(NonUniqueResultError):
            await store.items.find_by_price_and_note(1, "red")

    async def test_one_that_meets_a_specification_is_the_only_one(self, store: Store) -> None:
        await filled(store)
        assert (await store.items.find_one_by_spec(Op.eq("price", 1))).name == "apple"
        assert await store.items.find_one_by_spec(Op.eq("price", 77)) is None
        with pytest.raises(NonUniqueResultError):
            await store.items.find_one_by_spec(Op.eq("price", 2))

    async def test_the_first_of_an_order_is_no_ambiguity(self, store: Store) -> None:
        await filled(store)
        assert (await store.items.find_first_by_price_order_by_name_desc(2)).name == "banana"

    async def test_without_conditions_there_is_only_an_order(self, store: Store) -> None:
        saved = await filled(store)
        found = await store.items.find_top3_by_order_by_name()
        assert len(found) == 3
        assert {item.name for item in found} <= {item.name for item in saved}

    async def test_a_stream_a_cursor_and_a_slice_answer_as_they_are_annotated(self, store: Store) -> None:
        await filled(store)
        streamed = [item.name async for item in store.items.stream_by_price_greater_than(5)]
        assert sorted(streamed) == sorted(n for n, price, _note, _sold in ROWS if price > 5)
        cursor = await store.items.search_by_price_less_than(3, Scroll(size=2, sort=Sort.by("price")))
        rest = await store.items.search_by_price_less_than(3, Scroll(cursor.next, 2, Sort.by("price")))
        assert (len(cursor.items), len(rest.items), rest.has_next) == (2, 1, False)
        part = await store.items.get_by_price_less_than(3, Pageable.of(1, 2, Sort.by("price")))
        assert (len(part.items), part.has_next) == (2, True)

    @pytest.mark.parametrize(
        "name", ["nmae", "metadata", "__class__", "registry", "name; DROP TABLE items", ""]
    )
    async def test_a_specification_reaches_properties_only(self, store: Store, name: str) -> None:
        with pytest.raises(UnknownPropertyError):
            await store.items.find_all_by_spec(Op.eq(name, 1))

    async def test_a_text_is_no_collection(self, store: Store) -> None:
        with pytest.raises(TypeError, match="collection"):
            await store.items.find_by_name_in_order_by_name("apple")
