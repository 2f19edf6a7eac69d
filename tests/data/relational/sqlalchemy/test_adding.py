from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.kernel.exceptions import DataIntegrityException
from tests.data.relational.sqlalchemy.conftest import Categories, Category, StockItem, StockItems


def statements_of(source: DataSource) -> list[str]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_others: object) -> None:
        said.append(sql)

    engine: Engine = source.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    return said


async def test_many_new_entities_have_the_keys_of_their_rows(items: StockItems, source: DataSource) -> None:
    kept = await items.save(StockItem(name="kept"))
    said = statements_of(source)
    saved = await items.save_all(StockItem(name=f"n{number}", price=number) for number in range(1_500))
    inserts = [sql for sql in said if sql.startswith("INSERT")]
    assert len(inserts) <= 4
    rows = {item.id: item.name for item in await items.find_all()}
    assert rows == {kept.id: "kept", **{item.id: item.name for item in saved}}
    assert len(rows) == 1_501


async def test_keys_that_are_given_are_kept_among_those_that_are_not(items: StockItems) -> None:
    saved = await items.save_all(
        StockItem(id=5_000 + number if number % 3 == 0 else None, name=f"n{number}") for number in range(30)
    )
    rows = {item.id: item.name for item in await items.find_all()}
    assert rows == {item.id: item.name for item in saved}
    assert [item.id for item in saved[::3]] == [5_000 + number for number in range(0, 30, 3)]


async def test_children_of_new_entities_are_saved_with_them(
    categories: Categories, items: StockItems
) -> None:
    await categories.save_all(
        Category(title=f"t{number}", items=[StockItem(name=f"n{number}-{each}") for each in range(3)])
        for number in range(50)
    )
    found = {
        (item.name, item.category_id)
        for category in await categories.find_all()
        for item in category.items
        if item.name.startswith(category.title.replace("t", "n") + "-")
    }
    assert len(found) == 150


async def test_entities_are_new_again_when_a_flush_fails(items: StockItems) -> None:
    twins = [StockItem(name="a"), StockItem(name="a")]
    try:
        await items.save_all(twins)
    except DataIntegrityException:
        twins[1].name = "b"
    saved = await items.save_all(twins)
    assert sorted(item.name for item in saved) == ["a", "b"]
    assert await items.run_read(_names) == ["a", "b"]


def _names(session: Session) -> list[str]:
    return sorted(session.scalars(select(StockItem.name)))
