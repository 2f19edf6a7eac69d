import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from pyfly.data.relational.sqlalchemy import DataSource, Repository, SqlAlchemyTransactionManager
from pyfly.kernel.exceptions import ConcurrencyException, DataIntegrityException
from tests.contracts.repository import NewItem, RepositoryContract
from tests.data.relational.sqlalchemy.conftest import (
    Categories,
    Category,
    Shelf,
    Shelves,
    StockItem,
    StockItems,
)


class TestRelationalRepository(RepositoryContract):
    @pytest.fixture
    def new_item(self) -> NewItem:
        return StockItem


async def test_a_saved_entity_is_as_complete_as_a_found_one(categories: Categories) -> None:
    saved = await categories.save(Category(title="a"))
    assert saved.items == []


async def test_related_entities_are_saved_and_deleted_with_their_owner(
    categories: Categories, items: StockItems
) -> None:
    saved = await categories.save(Category(title="a", items=[StockItem(name="x")]))
    saved.items.append(StockItem(name="y"))
    await categories.save(saved)
    assert await items.count() == 2
    await categories.delete_by_id(saved.id)
    assert await items.count() == 0


async def test_deleting_everything_deletes_what_belongs_to_it(
    categories: Categories, items: StockItems
) -> None:
    await categories.save(Category(title="a", items=[StockItem(name="x")]))
    await categories.delete_all()
    assert await items.count() == 0


async def test_a_composite_key_is_given_as_a_tuple(shelves: Shelves) -> None:
    await shelves.save(Shelf(aisle="a", number=1))
    assert (await shelves.find_by_id(("a", 1))) is not None
    assert await shelves.exists(("a", 1))
    with pytest.raises(ValueError, match="identified by aisle, number"):
        await shelves.exists("a")  # type: ignore[arg-type]
    await shelves.delete(("a", 1))
    assert await shelves.count() == 0


async def test_of_two_writers_of_one_version_the_second_is_told(shelves: Shelves) -> None:
    saved = await shelves.save(Shelf(aisle="a", number=1))
    mine = await shelves.find_by_id(("a", 1))
    assert mine is not None
    saved.number = 2
    await shelves.save(saved)
    mine.number = 3
    with pytest.raises(ConcurrencyException):
        await shelves.save(mine)


async def test_a_query_written_by_hand_joins_the_transaction(
    items: StockItems, transactions: SqlAlchemyTransactionManager
) -> None:
    async with transactions.transaction():
        await items.save(StockItem(name="a"))
        async with items.session() as session:
            assert (await session.scalars(select(StockItem.name))).all() == ["a"]


async def test_a_query_written_by_hand_outside_of_a_transaction_is_committed(items: StockItems) -> None:
    async with items.session() as session:
        session.add(StockItem(name="a"))
        await session.flush()
        assert await items.count() == 1
    assert await items.count() == 1


async def test_a_query_written_by_hand_may_choose_what_is_loaded(
    items: StockItems, categories: Categories
) -> None:
    await categories.save(Category(title="c", items=[StockItem(name="a")]))
    async with items.session() as session:
        statement = select(StockItem).options(selectinload(StockItem.category))
        found = (await session.scalars(statement)).one()
    assert found.category is not None
    assert found.category.title == "c"


async def test_driver_errors_of_queries_written_by_hand_are_translated(items: StockItems) -> None:
    await items.save(StockItem(name="a"))
    with pytest.raises(DataIntegrityException) as raised:
        async with items.session() as session:
            session.add(StockItem(name="a"))
    assert isinstance(raised.value.__cause__, IntegrityError)


async def test_a_repository_made_by_hand_uses_its_session_and_never_commits(source: DataSource) -> None:
    async with AsyncSession(source.engine, expire_on_commit=False) as session:
        repository = Repository[StockItem, int](StockItem, session)
        saved = await repository.save(StockItem(name="a"))
        assert await repository.find_by_id(saved.id) is saved
        async with repository.session() as offered:
            assert offered is session
        await session.rollback()
    async with AsyncSession(source.engine) as session:
        assert await Repository[StockItem, int](StockItem, session).count() == 0


async def test_text_reaches_the_database_as_data_only(items: StockItems, source: DataSource) -> None:
    hostile = "'; DROP TABLE items; --"
    await items.save(StockItem(name=hostile))
    assert [item.name for item in await items.find_all(name=hostile)] == [hostile]
    async with source.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM items"))).scalar_one() == 1


def test_a_repository_without_an_entity_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="which entity"):
        Repository()
