"""The contract of stores for the repositories of an application that says ``pyfly.data.provider: memory``."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data.relational.sqlalchemy import Repository, SqlAlchemyTransactionManager, Versioned
from pyfly.testing.stores import ConcurrencyContract, ItemQueries, Store, StoreContract, synchronous


class Suite(DeclarativeBase):
    """The tables of the suite."""


class Item(Suite):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    price: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(String(50), default=None)
    sold: Mapped[bool] = mapped_column(default=False)


class Ticket(Versioned, Suite):
    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(50))


@repository
class Items(ItemQueries, Repository[Item, int]):
    pass


@repository
class Tickets(Repository[Ticket, int]):
    pass


@pytest.fixture
async def memory() -> AsyncIterator[Store]:
    # An address that nobody answers: it has to be left alone.
    unreachable = "postgresql://nobody@127.0.0.1:1/nothing"
    context = ApplicationContext(Config({"pyfly": {"data": {"provider": "memory", "url": unreachable}}}))
    context.register_bean(Items)
    context.register_bean(Tickets)
    async with context:
        transactions = context.get_bean(SqlAlchemyTransactionManager)
        yield Store(context.get_bean(Items), context.get_bean(Tickets), transactions, Item, Ticket)


class TestProviderMemory(StoreContract, ConcurrencyContract):
    @pytest.fixture
    def store(self, memory: Store) -> Store:
        return memory


class TestSynchronousProviderMemory(StoreContract):
    @pytest.fixture
    def store(self, memory: Store) -> Store:
        return synchronous(memory)
