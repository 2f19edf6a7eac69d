from dataclasses import dataclass

import pytest

from pyfly.data.memory import MemoryRepository, MemoryTransactionManager


@dataclass
class Item:
    name: str
    id: int | None = None


class Items(MemoryRepository[Item, int]):
    pass


def test_what_is_no_query_method_is_no_attribute() -> None:
    items = Items(MemoryTransactionManager()).sync
    assert items.save(Item("a")).id == 1
    with pytest.raises(AttributeError, match="Items has no query method 'find_by_nothing'"):
        items.find_by_nothing()
