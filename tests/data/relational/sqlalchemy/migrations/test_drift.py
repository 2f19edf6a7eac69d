"""Columns that are not as the entities need them, on SQLite, PostgreSQL and MariaDB."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    CHAR,
    JSON,
    BigInteger,
    Column,
    Computed,
    Connection,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    Unicode,
    Uuid,
)
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateSchema

from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, UtcDateTime
from pyfly.data.relational.sqlalchemy.migrations import MigrationSettings, Migrator, SchemaMismatchError
from pyfly.data.relational.sqlalchemy.migrations.modes import apply_mode
from tests.data.relational.sqlalchemy.migrations.conftest import Kind, rows


class Every(DeclarativeBase):
    """The table of one test."""


class Sample(Every):
    """A column of each usual type."""

    __tablename__ = "samples"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(postgresql.BIGINT(), "postgresql"), primary_key=True
    )
    uuid: Mapped[UUID] = mapped_column(default=uuid4)
    plain_text: Mapped[str] = mapped_column(String(40))
    long_text: Mapped[str] = mapped_column(Text)
    longest: Mapped[str] = mapped_column(Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb"))
    unicode: Mapped[str] = mapped_column(Unicode(20))
    small: Mapped[int] = mapped_column(SmallInteger)
    whole: Mapped[int]
    big: Mapped[int] = mapped_column(BigInteger)
    yes: Mapped[bool]
    maybe: Mapped[bool | None]
    ratio: Mapped[float]
    single: Mapped[float] = mapped_column(Float(24))
    precise: Mapped[float] = mapped_column(Float(53))
    tiny_text: Mapped[str] = mapped_column(Text().with_variant(Text(20), "mysql", "mariadb"))
    sized_text: Mapped[str] = mapped_column(Text().with_variant(Text(100), "mysql", "mariadb"))
    large_text: Mapped[str] = mapped_column(Text().with_variant(Text(70_000), "mysql", "mariadb"))
    code: Mapped[str] = mapped_column(CHAR(3))
    uuid_text: Mapped[UUID] = mapped_column(Uuid(native_uuid=False))
    exact_moment: Mapped[datetime] = mapped_column(
        DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    )
    tags: Mapped[list[str]] = mapped_column(JSON().with_variant(postgresql.ARRAY(String(9)), "postgresql"))
    twice: Mapped[int] = mapped_column(Computed("whole * 2", persisted=True))
    double: Mapped[float] = mapped_column(Double)
    money: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    number: Mapped[Decimal]
    day: Mapped[date]
    moment: Mapped[time]
    naive: Mapped[datetime]
    instant: Mapped[datetime] = mapped_column(UtcDateTime)
    lasts: Mapped[timedelta] = mapped_column(Interval)
    blob: Mapped[bytes] = mapped_column(LargeBinary)
    some_bytes: Mapped[bytes] = mapped_column(LargeBinary(100))
    many_bytes: Mapped[bytes] = mapped_column(LargeBinary(70_000))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    binary_document: Mapped[dict[str, Any]] = mapped_column(
        JSON().with_variant(postgresql.JSONB(), "postgresql")
    )
    kind: Mapped[Kind]
    text_kind: Mapped[Kind] = mapped_column(Enum(Kind, native_enum=False))
    words: Mapped[str | None] = mapped_column(Enum("a", "b", name="word"))
    defaulted: Mapped[int] = mapped_column(server_default="3")


class Shelf(DeclarativeBase):
    """The tables of the other tests."""


class Book(Shelf):
    """Differs from the table that is there."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(String(9))
    pages: Mapped[int]
    printed: Mapped[date | None]


THERE = Table(
    "books",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("title", String(20), nullable=False),
    Column("note", String(9), nullable=False),
    Column("pages", Integer, nullable=True),
    Column("printed", String(8), nullable=True),
    Column("more", Integer, nullable=True),
)
FOUND = {
    "column books.title is VARCHAR(20), not VARCHAR(30)",
    "column books.note refuses null, which the entity allows",
    "column books.pages allows null, which the entity refuses",
    "column books.printed is VARCHAR(8), not DATE",
}


Open = Callable[..., Awaitable[Migrator]]


@pytest.fixture
async def opened(url: str, tmp_path: Path) -> AsyncIterator[Open]:
    """Makes projects without revisions, on tables that are there already."""
    sources: list[DataSource] = []

    async def opened(base: type[DeclarativeBase], there: MetaData) -> Migrator:
        settings = MigrationSettings(folder=tmp_path / "migrations")
        # An application may have several bases.
        metadata = [base.metadata, MetaData()]
        sources.append(DataSource(url, schema=SchemaMode.VALIDATE, metadata=metadata, migrations=settings))
        await sources[-1].run(partial(create, there))
        return Migrator(sources[-1])

    def create(there: MetaData, connection: Connection) -> None:
        for schema in {table.schema for table in there.sorted_tables if table.schema}:
            connection.execute(CreateSchema(schema))
        there.create_all(connection)
        connection.commit()

    yield opened
    for each in sources:
        await each.stop()


async def versioned(migrator: Migrator) -> Migrator:
    """Give the project revisions, the newest of which has made the tables."""
    migrator.scripts.create()
    await migrator.write("first", is_empty=True)
    await migrator.stamp("heads")
    return migrator


async def test_tables_made_from_the_entities_do_not_differ_whatever_the_type(opened: Open) -> None:
    migrator = await opened(Every, Every.metadata)
    assert await migrator.mismatches() == ()
    await apply_mode(migrator.source)
    await versioned(migrator)
    assert await migrator.mismatches() == ()
    assert await migrator.differences() == ()


async def test_a_start_is_refused_on_columns_of_another_type_or_nullability(opened: Open) -> None:
    migrator = await opened(Shelf, THERE.metadata)
    assert set(await migrator.mismatches()) == FOUND
    with pytest.raises(SchemaMismatchError, match="is not as the entities need it") as raised:
        await apply_mode(migrator.source)
    assert set(raised.value.diagnosis.why) == {f"{each}." for each in FOUND}
    await versioned(migrator)
    assert set(await migrator.mismatches()) == FOUND
    with pytest.raises(SchemaMismatchError):
        await apply_mode(migrator.source)


async def test_a_check_tells_them_with_all_other_differences(opened: Open) -> None:
    migrator = await versioned(await opened(Shelf, THERE.metadata))
    assert set(await migrator.differences()) == {*FOUND, "column books.more belongs to no entity"}


async def test_tables_that_a_newer_version_has_changed_are_no_reason_to_refuse(opened: Open) -> None:
    migrator = await versioned(await opened(Shelf, THERE.metadata))
    await rows(migrator.source, "UPDATE alembic_version SET version_num = 'f9'")
    await apply_mode(migrator.source)


async def test_what_the_revisions_leave_out_is_not_compared(opened: Open) -> None:
    migrator = await versioned(await opened(Shelf, THERE.metadata))
    file = migrator.scripts.folder / "env.py"
    file.write_text(file.read_text().replace("run_migrations()", "run_migrations(compare_type=False)"))
    assert set(await migrator.mismatches()) == {each for each in FOUND if "null" in each}


async def test_a_table_that_is_missing_is_told_once(opened: Open) -> None:
    migrator = await opened(Shelf, MetaData())
    assert await migrator.mismatches() == ("table books is missing",)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_tables_of_other_schemas_are_compared(opened: Open) -> None:
    class Attic(DeclarativeBase):
        """The tables of this test."""

    class Box(Attic):
        __tablename__ = "boxes"
        __table_args__ = {"schema": "attic"}  # noqa: RUF012  # as SQLAlchemy wants it

        id: Mapped[int] = mapped_column(primary_key=True)
        size: Mapped[int]

    there = MetaData()
    sized = Column("size", String(3), nullable=False)
    Table("boxes", there, Column("id", Integer, primary_key=True), sized, schema="attic")
    Table("boxes", there, Column("id", Integer, primary_key=True))  # Another one, of no entity.
    migrator = await opened(Attic, there)
    assert await migrator.mismatches() == ("column attic.boxes.size is VARCHAR(3), not INTEGER",)


async def test_entities_may_be_mapped_on_views(opened: Open) -> None:
    class Seen(DeclarativeBase):
        """The tables of this test."""

    class Title(Seen):
        """A view, of which one column is missing."""

        __tablename__ = "titles"

        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(String(20))

    migrator = await opened(Seen, THERE.metadata)
    await rows(migrator.source, "CREATE VIEW titles AS SELECT id, title FROM books")
    assert await migrator.mismatches() == ()
    await apply_mode(migrator.source)
    await rows(migrator.source, "DROP VIEW titles")
    await rows(migrator.source, "CREATE VIEW titles AS SELECT id FROM books")
    assert await migrator.mismatches() == ("column titles.title is missing",)
