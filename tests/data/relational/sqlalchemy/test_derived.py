import pytest

from pyfly.data import NonUniqueResultError, Pageable, Sort
from pyfly.kernel.exceptions import ResourceNotFoundException
from tests.data.relational.sqlalchemy.conftest import Categories, Category, StockItem, StockItems


@pytest.fixture(autouse=True)
async def stock(items: StockItems, categories: Categories) -> None:
    await categories.save(Category(title="fruit", items=[StockItem(name="Apple", price=1, note="red")]))
    await items.save_all(
        [
            StockItem(name="banana", price=2, logged_in=True),
            StockItem(name="100%", price=2, note="a_b"),
            StockItem(name="Cherry", price=3, note="red"),
        ]
    )


def names(found: list[StockItem]) -> list[str]:
    return [item.name for item in found]


async def test_an_optional_answer_is_the_one_or_none(items: StockItems) -> None:
    found = await items.find_by_name("Apple")
    assert found is not None
    assert found.price == 1
    assert await items.find_by_name("nobody") is None


async def test_a_required_answer_that_is_absent_is_not_found(items: StockItems) -> None:
    assert (await items.find_by_name_and_price("Apple", 1)).name == "Apple"
    with pytest.raises(ResourceNotFoundException, match="StockItem not found"):
        await items.find_by_name_and_price("Apple", 2)


async def test_several_rows_for_a_single_answer_are_an_error(items: StockItems) -> None:
    with pytest.raises(
        NonUniqueResultError, match=r"StockItems\.find_by_price found more than one StockItem"
    ):
        await items.find_by_price(2)


async def test_first_and_top_limit_an_ordered_answer(items: StockItems) -> None:
    first = await items.find_first_by_price_order_by_name_desc(2)
    assert first is not None
    assert first.name == "banana"
    assert names(await items.find_top2_by_order_by_name()) == names(
        (await items.find_all(Sort.by("name")))[:2]
    )


async def test_none_means_has_no_value(items: StockItems) -> None:
    assert names(await items.find_by_note(None)) == ["banana"]
    assert names(await items.find_by_note("a_b")) == ["100%"]


async def test_wildcards_in_values_are_ordinary_characters(items: StockItems) -> None:
    page = await items.find_by_name_containing("%", Pageable.of(1, 10))
    assert names(page.items) == ["100%"]
    assert (await items.find_by_name_containing("_", Pageable.of(1, 10))).items == []


async def test_containing_tells_case_apart_unless_told_otherwise(items: StockItems) -> None:
    assert (await items.find_by_name_containing("apple", Pageable.of(1, 10))).total == 0
    assert await items.exists_by_name_starting_with_ignore_case("aPP")
    assert not await items.exists_by_name_starting_with_ignore_case("pp")


async def test_a_page_counts_and_a_slice_looks_ahead(items: StockItems) -> None:
    page = await items.find_by_name_containing("an", Pageable.of(1, 1, Sort.by("name")))
    assert (names(page.items), page.total) == (["banana"], 1)
    part = await items.find_by_price_greater_than(1, Pageable.of(1, 2, Sort.by("price", "name")))
    assert (names(part.items), part.has_next) == (["100%", "banana"], True)
    assert not (await items.find_by_price_greater_than(1, Pageable.of(2, 2))).has_next


async def test_a_collection_and_an_order_are_passed_as_arguments(items: StockItems) -> None:
    assert names(await items.find_by_name_in(["Apple", "Cherry", "x"])) == ["Apple", "Cherry"]
    descending = Sort.by("name").descending()
    assert names(await items.find_by_name_in(["Apple", "Cherry"], sort=descending)) == ["Cherry", "Apple"]
    assert await items.find_by_name_in([]) == []


async def test_a_text_is_no_collection(items: StockItems) -> None:
    with pytest.raises(TypeError, match="collection"):
        await items.find_by_name_in("Apple")  # type: ignore[arg-type]


async def test_properties_of_related_entities_can_be_asked_for(items: StockItems) -> None:
    assert names(await items.find_by_category_title("fruit")) == ["Apple"]


async def test_and_binds_tighter_than_or(items: StockItems) -> None:
    found = await items.find_by_name_or_price_and_note("banana", 3, "red")
    assert sorted(names(found)) == ["Cherry", "banana"]
    assert names(await items.find_by_name_or_price_and_note("banana", 3, "blue")) == ["banana"]


async def test_counting_and_deleting_answer_numbers(items: StockItems) -> None:
    assert await items.count_by_price_between(2, 3) == 3
    assert await items.delete_by_price(2) == 2
    assert await items.count() == 2


async def test_a_field_whose_name_ends_like_a_keyword_is_found(items: StockItems) -> None:
    assert names(await items.find_by_logged_in_is_true()) == ["banana"]


async def test_a_method_with_a_body_is_left_alone(items: StockItems) -> None:
    assert await items.find_by_hand() == ["not replaced"]


async def test_arguments_may_be_named_and_wrong_ones_are_refused(items: StockItems) -> None:
    found = await items.find_by_name(name="Apple")
    assert found is not None
    with pytest.raises(TypeError):
        await items.find_by_name()  # type: ignore[call-arg]
