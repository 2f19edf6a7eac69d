"""A shop in a fresh database: SQLite in memory, SQLite in a file, and PostgreSQL where there is one."""

# mypy: disable-error-code=empty-body

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from pyfly.container import Container
from pyfly.container.interception import advised_class
from pyfly.data import Page, Pageable, Slice, Sort
from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, Repository, SqlAlchemyTransactionManager
from pyfly.data.relational.sqlalchemy.derived import DerivedQueryInterceptor


class Shop(DeclarativeBase):
    """The tables of these tests."""


class Category(Shop):
    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(50))
    items: Mapped[list["StockItem"]] = relationship(
        back_populates="category", lazy="selectin", cascade="all, delete-orphan"
    )


class StockItem(Shop):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    price: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(String(50), default=None)
    logged_in: Mapped[bool] = mapped_column(default=False)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), default=None)
    category: Mapped[Category | None] = relationship(back_populates="items")


class Shelf(Shop):
    __tablename__ = "shelves"

    aisle: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


BY_NAME = Sort.by("name")


class Categories(Repository[Category, int]):
    pass


class Shelves(Repository[Shelf, tuple[str, int]]):
    pass


class StockItems(Repository[StockItem, int]):
    async def find_by_name(self, name: str) -> StockItem | None: ...

    async def find_by_name_and_price(self, name: str, price: int) -> StockItem:
        """With a docstring it is still to be implemented."""

    async def find_by_note(self, note: str | None) -> list[StockItem]: ...

    async def find_by_price(self, price: int) -> StockItem | None: ...

    async def find_first_by_price_order_by_name_desc(self, price: int) -> StockItem | None: ...

    async def find_top2_by_order_by_name(self) -> list[StockItem]: ...

    async def find_by_name_containing(self, text: str, pageable: Pageable) -> Page[StockItem]: ...

    async def find_by_price_greater_than(self, price: int, pageable: Pageable) -> Slice[StockItem]: ...

    async def find_by_name_in(self, names: list[str], sort: Sort = BY_NAME) -> list[StockItem]: ...

    async def find_by_category_title(self, title: str) -> list[StockItem]: ...

    async def find_by_name_or_price_and_note(self, name: str, price: int, note: str) -> list[StockItem]: ...

    async def find_by_logged_in_is_true(self) -> list[StockItem]: ...

    async def count_by_price_between(self, low: int, high: int) -> int: ...

    async def exists_by_name_starting_with_ignore_case(self, start: str) -> bool: ...

    async def delete_by_price(self, price: int) -> int: ...

    async def find_by_hand(self) -> list[str]:
        return ["not replaced"]


@pytest.fixture(params=["memory", "file", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    match request.param:
        case "memory":
            return "sqlite://"
        case "file":
            return f"sqlite:///{tmp_path}/shop.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def source(url: str) -> AsyncIterator[DataSource]:
    source = DataSource(url, schema=SchemaMode.CREATE, metadata=[Shop.metadata])
    await source.start()
    yield source
    await source.stop()


@pytest.fixture
def transactions(source: DataSource) -> SqlAlchemyTransactionManager:
    return SqlAlchemyTransactionManager(source)


@pytest.fixture
def beans(transactions: SqlAlchemyTransactionManager) -> Container:
    container = Container()
    container.register_instance(transactions)
    container.register(Categories)
    container.register(Shelves)
    container.register(advised_class(StockItems, "stock_items", [DerivedQueryInterceptor()]))
    return container


@pytest.fixture
def items(beans: Container) -> StockItems:
    return beans.resolve(StockItems)


@pytest.fixture
def categories(beans: Container) -> Categories:
    return beans.resolve(Categories)


@pytest.fixture
def shelves(beans: Container) -> Shelves:
    return beans.resolve(Shelves)
