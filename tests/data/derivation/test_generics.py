from typing import Generic, TypeVar

from pyfly.data.derivation.generics import type_argument
from pyfly.data.relational.sqlalchemy import Repository
from tests.data.relational.sqlalchemy.conftest import StockItem, StockItems

T = TypeVar("T")
ID = TypeVar("ID")


class Middle(Repository[T, int], Generic[T]):
    pass


class Swapped(Repository[T, ID], Generic[ID, T]):
    pass


class OfMiddle(Middle[StockItem]):
    pass


class OfSwapped(Swapped[int, StockItem]):
    pass


class Beside:
    pass


class Mixed(Beside, StockItems):
    pass


def test_the_entity_is_found_through_every_base() -> None:
    found = [type_argument(cls, Repository) for cls in (StockItems, OfMiddle, OfSwapped, Mixed)]
    assert found == [StockItem] * 4


def test_an_open_argument_is_no_entity() -> None:
    assert [type_argument(cls, Repository) for cls in (Repository, Middle, Swapped)] == [None] * 3
