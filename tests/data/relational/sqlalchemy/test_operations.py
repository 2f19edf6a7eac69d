from sqlalchemy import FetchedValue, String, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, SqlAlchemyTransactionManager
from pyfly.data.relational.sqlalchemy.operations import operations_of
from tests.data.relational.sqlalchemy.conftest import StockItem, StockItems


class Defaults(DeclarativeBase):
    pass


class Ticket(Defaults):
    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), server_default="open")
    changes: Mapped[int] = mapped_column(server_default="0", server_onupdate=FetchedValue())


async def test_values_that_only_the_database_knew_are_there_after_saving(url: str) -> None:
    source = DataSource(url, schema=SchemaMode.CREATE, metadata=[Defaults.metadata])
    await source.start()
    manager = SqlAlchemyTransactionManager(source)
    operations = operations_of(Ticket)
    saved = await manager.write(operations.save, Ticket(title="a"))
    assert (saved.id, saved.state, saved.changes) == (1, "open", 0)
    saved.title = "b"
    assert (await manager.write(operations.save, saved)).changes == 0
    await source.stop()


async def test_an_entity_whose_twin_is_loaded_is_merged_into_it(
    items: StockItems, transactions: SqlAlchemyTransactionManager
) -> None:
    mine = await items.save(StockItem(name="a"))
    async with transactions.transaction():
        loaded = await items.find_by_id(mine.id)
        mine.price = 5
        assert await items.save(mine) is loaded
        assert loaded is not None
        assert loaded.price == 5


async def test_a_changed_entity_is_updated_in_one_statement(items: StockItems, source: DataSource) -> None:
    saved = await items.save(StockItem(name="a"))
    sent: list[str] = []
    event.listen(
        source.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, text, *_rest: sent.append(text),
    )
    saved.price = 3
    await items.save(saved)
    await items.save(saved)
    assert [text.split()[0] for text in sent] == ["UPDATE"]


async def test_deleting_needs_no_attached_entity(items: StockItems) -> None:
    saved = await items.save(StockItem(name="a"))
    await items.delete(StockItem(id=saved.id))
    assert await items.count() == 0


async def test_the_operations_are_plain_functions_of_a_session(items: StockItems) -> None:
    def both(session: Session) -> int:
        operations_of(StockItem).save_all(session, [StockItem(name="a"), StockItem(name="b")])
        return int(session.execute(text("SELECT count(*) FROM items")).scalar_one())

    assert await items.run_write(both) == 2


def test_the_operations_on_an_entity_are_prepared_once() -> None:
    assert operations_of(StockItem) is operations_of(StockItem)
