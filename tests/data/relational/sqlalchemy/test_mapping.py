import pytest

from pyfly.data import Sort, UnknownPropertyError
from pyfly.data.relational.sqlalchemy.mapping import mapping_of
from tests.data.relational.sqlalchemy.conftest import Category, Shelf, StockItem


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("name", "name"),
        ("category_id", "category_id"),
        ("category_title", "category.title"),
        ("category_items_name", "category.items.name"),
        ("category", None),
        ("category_colour", None),
        ("metadata", None),
    ],
)
def test_a_written_property_is_a_column_or_a_path_to_one(written: str, path: str | None) -> None:
    assert mapping_of(StockItem).path(written) == path


def test_the_primary_key_is_found_whatever_its_name() -> None:
    assert list(mapping_of(Shelf).identity_names()) == ["aisle", "number"]
    assert mapping_of(Shelf).identity_of(Shelf(aisle="a", number=1)) == ("a", 1)


def test_relationships_are_no_columns() -> None:
    with pytest.raises(UnknownPropertyError):
        mapping_of(Category).column("items")


def test_a_stable_order_ends_with_the_primary_key_once() -> None:
    ordering = mapping_of(Shelf).ordering(Sort.by("number").descending(), stable=True)
    assert [str(clause) for clause in ordering] == ["shelves.number DESC", "shelves.aisle ASC"]


def test_a_mapping_is_read_once() -> None:
    assert mapping_of(StockItem) is mapping_of(StockItem)
