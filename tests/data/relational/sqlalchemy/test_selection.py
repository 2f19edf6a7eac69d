import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from pyfly.data import Pageable, Sort
from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.data.relational.sqlalchemy.mapping import mapping_of
from pyfly.data.relational.sqlalchemy.selection import Selection
from tests.data.relational.sqlalchemy.conftest import StockItem, StockItems


@pytest.fixture
def statements(source: DataSource) -> list[str]:
    sent: list[str] = []
    event.listen(
        source.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, text, *_rest: sent.append(text),
    )
    return sent


async def test_a_page_that_shows_the_end_is_not_counted(items: StockItems, statements: list[str]) -> None:
    await items.save_all([StockItem(name=name) for name in "abc"])
    statements.clear()
    assert (await items.find_all(Pageable.of(2, 2))).total == 3
    assert len(statements) == 1
    assert (await items.find_all(Pageable.of(1, 2))).total == 3
    assert [text.split()[1].startswith("count") for text in statements[1:]] == [False, True]


async def test_existence_loads_no_row(items: StockItems, statements: list[str]) -> None:
    statements.clear()
    assert not await items.exists(1)
    assert "EXISTS" in statements[0]


async def test_saving_reads_nothing_back(items: StockItems, statements: list[str]) -> None:
    saved = await items.save(StockItem(name="a"))
    saved.price = 2
    await items.save(saved)
    assert not [text for text in statements if text.startswith("SELECT")]


async def test_every_order_has_its_own_statement(items: StockItems, source: DataSource) -> None:
    await items.save_all([StockItem(name=name) for name in "ba"])
    selection = Selection(mapping_of(StockItem))

    def names(session: Session, sort: Sort) -> list[str]:
        return [item.name for item in selection.all(session, {}, sort)]

    async with items.session() as session:
        ascending = [await session.run_sync(names, Sort.by("name")) for _ in range(2)]
        assert ascending == [["a", "b"]] * 2
        assert await session.run_sync(names, Sort.by("name").descending()) == ["b", "a"]
