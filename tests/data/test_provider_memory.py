"""Applications that say ``pyfly.data.provider: memory``: no database is asked for."""

from typing import Any

import pytest
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from pyfly.container import BeanCreationException, repository, service
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import DataSource, TransactionManager, transactional
from pyfly.data.relational.sqlalchemy import Repository, SqlClient, query
from pyfly.kernel.exceptions import DataIntegrityException

# mypy: disable-error-code=empty-body

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Shelf(Tables):
    __tablename__ = "shelves"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    books: Mapped[list["Book"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class Book(Tables):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40))
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))


class Line(Tables):
    __tablename__ = "lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(40))


@repository
class Shelves(Repository[Shelf, int]):
    async def find_by_books_title(self, title: str) -> list[Shelf]: ...

    @query("SELECT count(*) FROM books WHERE title LIKE :pattern")
    async def number_of_books(self, pattern: str) -> int: ...


@repository
class Books(Repository[Book, int]):
    pass


@repository(datasource="archive")
class Lines(Repository[Line, int]):
    pass


@service
class Library:
    def __init__(self, shelves: Shelves, lines: Lines) -> None:
        self.shelves = shelves
        self.lines = lines

    @transactional
    async def add(self, *names: str) -> None:
        for name in names:
            await self.shelves.save(Shelf(name=name, books=[Book(title=f"of {name}")]))

    @transactional(read_only=True)
    async def names(self) -> list[str]:
        return sorted(shelf.name for shelf in await self.shelves.find_all())


def application(*beans: type, **data: Any) -> ApplicationContext:
    context = ApplicationContext(Config({"pyfly": {"data": {"provider": "memory", **data}}}))
    for bean in beans:
        context.register_bean(bean)
    return context


ALL = (Shelves, Books, Lines, Library)
ADDRESSES = {
    "url": NOWHERE,
    "schema": "migrate",
    "replica": "copy",
    "datasources": {"archive": {"url": NOWHERE, "schema": "validate"}, "copy": {"url": NOWHERE}},
}


async def test_each_data_source_has_a_database_of_its_own_and_none_is_asked_for() -> None:
    async with application(*ALL, **ADDRESSES) as context:
        library = context.get_bean(Library)
        await library.add("a")
        await library.lines.save(Line(text="old"))
        assert [shelf.name for shelf in await library.shelves.find_by_books_title("of a")] == ["a"]
        assert await library.shelves.number_of_books("of%") == 1
        assert library.shelves.sync.count() == 1
        assert await context.get_bean(SqlClient).scalar("SELECT title FROM books") == "of a"
        archive = context.container.resolve_by_name("archive")
        assert str(archive.url).startswith("sqlite")
        assert await library.lines.count() == 1
        with pytest.raises(DataIntegrityException):
            await context.get_bean(Books).save(Book(title="lost", shelf_id=99))
    async with application(*ALL, **ADDRESSES) as context:
        assert await context.get_bean(Shelves).count() == 0


async def test_a_transaction_that_fails_leaves_nothing_and_reads_see_what_was_written() -> None:
    async with application(*ALL, **ADDRESSES) as context:
        library = context.get_bean(Library)
        with pytest.raises(DataIntegrityException):
            await library.add("a", "b", "a")
        assert await library.names() == []
        await library.add("a")
        assert await library.names() == ["a"], "read-only transactions have no replica to read from"


async def test_no_address_is_needed() -> None:
    async with application(Shelves, Books) as context:
        await context.get_bean(Shelves).save(Shelf(name="a"))
        assert await context.get_bean(Shelves).count() == 1


async def test_a_client_needs_no_repository() -> None:
    async with application() as context:
        assert await context.get_bean(SqlClient).scalar("SELECT 1 + 1") == 2


async def test_with_named_data_sources_alone_there_is_no_default() -> None:
    async with application(Lines, datasources={"archive": {"url": NOWHERE}}) as context:
        assert [each.name for each in context.container.definitions_of(DataSource)] == ["archive"]
        assert len(context.container.definitions_of(TransactionManager)) == 1
        await context.get_bean(Lines).save(Line(text="a"))


async def test_production_does_not_lose_what_it_is_told() -> None:
    context = ApplicationContext(
        Config({"pyfly": {"data": {"provider": "memory"}, "profiles": {"active": "production"}}})
    )
    context.register_bean(Shelves)
    context.register_bean(Books)
    with pytest.raises(BeanCreationException, match="refused in production"):
        await context.start()
