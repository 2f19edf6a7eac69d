"""The contract of stores on every database, asynchronously and synchronously."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import Container
from pyfly.container.interception import advised_class
from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy import (
    DataSource,
    DerivedQueryInterceptor,
    Repository,
    SqlAlchemyTransactionManager,
    Versioned,
)
from pyfly.testing.stores import ConcurrencyContract, ItemQueries, Store, StoreContract, synchronous
from tests.servers import mariadb


class Suite(DeclarativeBase):
    """The tables of the suite."""


class Item(Suite):
    __tablename__ = f"suite_items_{os.getpid()}"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    price: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(String(50), default=None)
    sold: Mapped[bool] = mapped_column(default=False)


class Ticket(Versioned, Suite):
    __tablename__ = f"suite_tickets_{os.getpid()}"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(50))


class Items(ItemQueries, Repository[Item, int]):
    pass


class Tickets(Repository[Ticket, int]):
    pass


@pytest.fixture(scope="module", params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    match request.param:
        case "sqlite":
            yield f"sqlite:///{tmp_path_factory.mktemp('suite')}/suite.db"
        case "postgres":
            yield str(request.getfixturevalue("postgres_server").url)
        case _:
            with mariadb.database(request.getfixturevalue("mariadb_server").url) as url:
                yield url


@pytest.fixture
async def relational(url: str) -> AsyncIterator[Store]:
    source = DataSource(url, schema=SchemaMode.CREATE, metadata=[Suite.metadata])
    await source.start()
    transactions = SqlAlchemyTransactionManager(source)
    container = Container()
    container.register_instance(transactions)
    items = advised_class(Items, "items", [DerivedQueryInterceptor()])
    container.register(items)
    container.register(Tickets)
    yield Store(container.resolve(items), container.resolve(Tickets), transactions, Item, Ticket)
    async with source.engine.begin() as connection:
        await connection.run_sync(Suite.metadata.drop_all)
    await source.stop()


class TestRelational(StoreContract, ConcurrencyContract):
    @pytest.fixture
    def store(self, relational: Store) -> Store:
        return relational


class TestSynchronousRelational(StoreContract):
    @pytest.fixture
    def store(self, relational: Store) -> Store:
        return synchronous(relational)
