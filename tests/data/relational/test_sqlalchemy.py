"""Entities with mixins, queries written by hand and hooks, in an application on every database."""

# mypy: disable-error-code=empty-body

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import String, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import component, repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import (
    AuditorAware,
    DataSource,
    FilterOperator,
    Page,
    Pageable,
    Sort,
    TransactionManager,
    UnknownPropertyError,
    include_deleted,
)
from pyfly.data.relational.sqlalchemy import (
    Audited,
    Repository,
    RepositoryBeanPostProcessor,
    SoftDelete,
    SqlAlchemyTransactionManager,
    UuidId,
    Versioned,
    query,
    unique_unless_deleted,
)
from pyfly.data.relational.sqlalchemy.derived import invalid_methods
from pyfly.kernel.exceptions import ConcurrencyException, DataIntegrityException


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Product(UuidId, Audited, SoftDelete, Versioned, Tables):
    __tablename__ = "products"
    __table_args__ = (unique_unless_deleted("uq_products_name", "name"), {"mysql_collate": "utf8mb4_bin"})

    name: Mapped[str] = mapped_column(String(30))
    price: Mapped[int] = mapped_column(default=0)


@dataclass
class Brief:
    name: str
    price: int


@repository
class Products(Repository[Product, UUID]):
    async def find_by_name(self, name: str) -> Product | None: ...

    async def find_by_price_greater_than_order_by_price(self, price: int) -> list[Brief]: ...

    @query("SELECT * FROM products WHERE price > :low")
    async def dear(self, low: int) -> list[Product]: ...

    @query("SELECT name, price FROM products WHERE price >= :low ORDER BY price")
    async def briefs(self, low: int, page: Pageable) -> Page[Brief]: ...

    @query("SELECT count(*) FROM products WHERE name IN :names")
    async def how_many(self, names: list[str]) -> int: ...

    @query("SELECT id FROM products WHERE name = :name")
    async def id_of(self, name: str) -> UUID | None: ...

    @query(select(Product).where(Product.price > bindparam("low")))
    async def written(self, low: int, page: Pageable) -> Page[Product]: ...

    @query("UPDATE products SET price = price + :by", modifying=True)
    async def raise_all(self, by: int) -> int: ...


@component
class Users(AuditorAware):
    name: str | None = "ann"

    def current_auditor(self) -> str | None:
        return self.name


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/shop.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def context(url: str) -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    context.register_bean(Products)
    context.register_bean(Users)
    async with context:
        yield context


@pytest.fixture
def products(context: ApplicationContext) -> Products:
    return context.get_bean(Products)


async def stocked(products: Products) -> list[Product]:
    return await products.save_all([Product(name=name, price=i) for i, name in enumerate("abcd")])


async def test_columns_say_who_created_and_changed_a_row_and_when(
    context: ApplicationContext, products: Products
) -> None:
    saved = await products.save(Product(name="a"))
    assert (saved.created_by, saved.updated_by, saved.version) == ("ann", "ann", 1)
    context.get_bean(Users).name = "bob"
    saved.price = 3
    saved = await products.save(saved)
    assert (saved.created_by, saved.updated_by, saved.version) == ("ann", "bob", 2)
    assert saved.updated_at >= saved.created_at
    assert saved.created_at.tzinfo is UTC


async def test_no_read_finds_what_was_deleted_unless_it_asks(
    context: ApplicationContext, products: Products
) -> None:
    a, b, *_rest = await stocked(products)
    await products.delete(a)
    await products.delete_by_id(b.id)
    assert await products.find_by_id(a.id) is None
    assert await products.find_by_name("a") is None
    assert not await products.exists(a.id)
    assert await products.count() == 2
    assert len(await products.find_all()) == 2
    assert (await products.find_paginated(1, 1)).total == 2
    assert await products.count_by_spec(FilterOperator.lt("price", 2)) == 0
    assert len([item async for item in products.stream()]) == 2
    assert products.sync.find_by_id(a.id) is None
    async with products.session() as session:
        assert len((await session.scalars(select(Product))).all()) == 2
    with include_deleted():
        found = await products.find_by_id(a.id)
        assert found is not None
        assert found.is_deleted
        assert await products.count() == 4


async def test_what_was_deleted_can_be_restored_or_removed_for_good(products: Products) -> None:
    a, b, *_rest = await stocked(products)
    await products.delete_all([a, b.id])
    assert (await products.restore(a.id)).deleted_at is None
    await products.purge(b.id)
    with include_deleted():
        assert await products.find_by_id(b.id) is None
    assert await products.count() == 3


async def test_inside_a_transaction_the_deleted_entity_is_gone_at_once(
    context: ApplicationContext, products: Products
) -> None:
    a, *_rest = await stocked(products)
    manager: TransactionManager = context.get_bean(SqlAlchemyTransactionManager)
    async with manager.transaction():
        await products.delete(a.id)
        assert await products.find_by_id(a.id) is None


async def test_a_session_used_by_hand_marks_too(products: Products) -> None:
    a, *_rest = await stocked(products)
    async with products.session() as session:
        await session.delete(await session.get_one(Product, a.id))
    with include_deleted():
        assert await products.exists(a.id)


async def test_a_stale_version_is_refused_with_the_current_one(products: Products) -> None:
    saved = await products.save(Product(name="a"))
    stale = await products.get_by_id(saved.id)
    saved.price = 1
    await products.save(saved)
    stale.price = 2
    with pytest.raises(ConcurrencyException) as raised:
        await products.save(stale)
    assert raised.value.context["current_version"] == 2


async def test_sql_answers_entities_objects_values_and_pages(products: Products) -> None:
    saved = await stocked(products)
    assert sorted(item.name for item in await products.dear(1)) == ["c", "d"]
    assert await products.briefs(1, Pageable.of(1, 2)) == Page([Brief("b", 1), Brief("c", 2)], 3, 1, 2)
    by_name = Sort.by("name").descending()
    assert [b.name for b in (await products.briefs(0, Pageable.of(1, 2, by_name))).items] == ["d", "c"]
    assert await products.how_many(["a", "d", "x"]) == 2
    assert await products.id_of("c") == saved[2].id
    assert await products.id_of("x") is None
    page = await products.written(0, Pageable.of(1, 2, by_name))
    assert ([item.name for item in page.items], page.total) == (["d", "c"], 3)
    assert products.sync.how_many(["a"]) == 1
    assert await products.find_by_price_greater_than_order_by_price(2) == [Brief("d", 3)]


@pytest.mark.parametrize("name", ["nmae", "id; DROP TABLE products", "(SELECT 1)", "name DESC"])
async def test_sql_is_sorted_by_its_own_columns_only(products: Products, name: str) -> None:
    with pytest.raises(UnknownPropertyError):
        await products.briefs(0, Pageable.of(1, 2, Sort.by(name)))


async def test_loaded_entities_follow_a_statement_that_changes_rows(
    context: ApplicationContext, products: Products
) -> None:
    await stocked(products)
    manager: TransactionManager = context.get_bean(SqlAlchemyTransactionManager)
    async with manager.transaction():
        item = await products.find_by_name("b")
        assert item is not None
        assert await products.raise_all(10) == 4
        assert item.price == 11


async def test_a_unique_name_is_free_again_once_its_owner_is_deleted(
    context: ApplicationContext, products: Products
) -> None:
    saved = await products.save(Product(name="a"))
    with pytest.raises(DataIntegrityException):
        await products.save(Product(name="a"))
    if context.get_bean(DataSource).engine.dialect.name in ("sqlite", "postgresql"):
        await products.delete(saved)
        await products.save(Product(name="a"))


async def test_repositories_made_by_hand_get_their_query_methods(
    context: ApplicationContext, products: Products
) -> None:
    await stocked(products)
    async with AsyncSession(context.get_bean(DataSource).engine) as session:
        made = RepositoryBeanPostProcessor().after_init(Products(Product, session), "products")
        assert (await made.find_by_name("a")) is not None
        assert await made.how_many(["a"]) == 1


def test_a_query_and_a_signature_that_contradict_each_other_are_reported() -> None:
    class Wrong(Repository[Product, UUID]):
        @query("SELECT * FROM products WHERE name = :nmae")
        async def misspelt(self, name: str) -> list[Product]: ...

        @query("SELECT * FROM products")
        async def unused(self, name: str) -> list[Product]: ...

        @query("DELETE FROM products")
        async def silent(self) -> int: ...

        @query("SELECT * FROM products")
        async def paged(self) -> Page[Product]: ...

    told = " ".join(str(failure) for failure in invalid_methods(Wrong))
    assert "did you mean ':name'" in told
    assert "does not use the parameter 'name'" in told
    assert "say modifying=True" in told
    assert "needs a parameter of type Pageable" in told
