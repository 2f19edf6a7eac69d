"""The suite for stores, run on the store that is always there."""

from dataclasses import dataclass
from typing import Any

import pytest

from pyfly.container import Container
from pyfly.container.interception import advised_class
from pyfly.data.memory import MemoryRepository, MemoryTransactionManager
from pyfly.data.relational.sqlalchemy import DerivedQueryInterceptor
from pyfly.testing.stores import ConcurrencyContract, ItemQueries, Store, StoreContract, synchronous


@dataclass
class Item:
    name: str
    price: int = 0
    note: str | None = None
    sold: bool = False
    id: int | None = None


@dataclass
class Ticket:
    title: str
    id: int | None = None
    version: int | None = None


class Items(ItemQueries, MemoryRepository[Item, int], unique=["name"]):
    pass


class Tickets(MemoryRepository[Ticket, int]):
    pass


@pytest.fixture
def memory() -> Store:
    container = Container()
    transactions = MemoryTransactionManager()
    container.register_instance(transactions)
    items = advised_class(Items, "items", [DerivedQueryInterceptor()])
    container.register(items)
    container.register(Tickets)
    new_ticket: Any = Ticket
    return Store(container.resolve(items), container.resolve(Tickets), transactions, Item, new_ticket)


class TestMemory(StoreContract, ConcurrencyContract):
    @pytest.fixture
    def store(self, memory: Store) -> Store:
        return memory


class TestSynchronousMemory(StoreContract):
    @pytest.fixture
    def store(self, memory: Store) -> Store:
        return synchronous(memory)
