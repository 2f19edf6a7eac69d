# mypy: disable-error-code=empty-body
"""Text means the same on every database, also on a MariaDB as it comes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_mock_engine, make_url, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import SqlClient
from pyfly.data.relational.properties import Mode, SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, Repository
from pyfly.data.relational.sqlalchemy.collation import compare_exactly
from pyfly.data.relational.sqlalchemy.migrations import MigrationSettings, Migrator
from pyfly.kernel.exceptions import DataIntegrityException


class People(DeclarativeBase):
    """The tables of these tests."""


class Person(People):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)


class Nickname(People):
    __tablename__ = "nicknames"
    __table_args__ = {"mariadb_collate": "utf8mb4_general_ci"}  # noqa: RUF012

    name: Mapped[str] = mapped_column(String(50), primary_key=True)


@repository
class Persons(Repository[Person, int]):
    async def find_by_name(self, name: str) -> list[Person]: ...

    async def find_by_name_containing(self, name: str) -> list[Person]: ...

    async def find_by_name_starting_with_ignore_case(self, name: str) -> list[Person]: ...

    async def find_by_name_in(self, names: list[str]) -> list[Person]: ...


def context_of(url: str, **data: object) -> ApplicationContext:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create", **data}}}))
    context.register_bean(Persons)
    return context


@pytest.fixture
async def persons(url: str) -> AsyncIterator[Persons]:
    async with context_of(url) as context:
        yield context.get_bean(Persons)


async def test_case_accents_and_blanks_at_the_end_make_a_difference(persons: Persons) -> None:
    names = ["ann", "ANN", "änn", "ann ", "Łódź", "😀"]
    await persons.save_all([Person(name=name) for name in names])
    for name in names:
        assert [each.name for each in await persons.find_by_name(name)] == [name]
        assert await persons.count(name=name) == 1
    assert await persons.find_by_name("Ann") == []
    assert [each.name for each in await persons.find_by_name_containing("NN")] == ["ANN"]
    assert [each.name for each in await persons.find_by_name_in(["ann ", "Änn"])] == ["ann "]
    found = {each.name for each in await persons.find_by_name_starting_with_ignore_case("Ann")}
    assert found == {"ann", "ANN", "ann "}
    with pytest.raises(DataIntegrityException):
        await persons.save(Person(name="ann"))


async def test_a_table_may_have_a_collation_of_its_own(mariadb_url: str) -> None:
    async with context_of(mariadb_url) as context:
        found = await collations(context)
        assert (found["people"], found["nicknames"]) == ("utf8mb4_nopad_bin", "utf8mb4_general_ci")


@pytest.mark.parametrize("said", ["utf8mb4_unicode_ci", "database"])
async def test_the_collation_of_all_tables_is_configurable(mariadb_url: str, said: str) -> None:
    async with context_of(mariadb_url, collation=said) as context:
        client = context.get_bean(SqlClient)
        own = await client.scalar(
            "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = DATABASE()"
        )
        expected = own if said == "database" else said
        assert (await collations(context))["people"] == expected


async def test_tables_of_migrations_compare_in_the_same_way(mariadb_url: str, tmp_path: Path) -> None:
    folder = MigrationSettings(folder=tmp_path / "migrations")
    source = DataSource(mariadb_url, migrations=folder, metadata=[People.metadata])
    await source.start()
    migrator = Migrator(source)
    migrator.scripts.create()
    await migrator.write("first tables")
    await migrator.upgrade()
    assert await migrator.differences() == ()
    await source.stop()
    async with context_of(mariadb_url, schema="none") as context:
        assert (await collations(context))["people"] == "utf8mb4_nopad_bin"


async def collations(context: ApplicationContext) -> dict[str, str]:
    rows = await context.get_bean(SqlClient).query(
        "SELECT table_name AS name, table_collation AS collation FROM information_schema.tables"
        " WHERE table_schema = DATABASE()"
    )
    return {row["name"]: row["collation"] for row in rows if row["name"] != "alembic_version"}


@pytest.mark.parametrize("mode", [Mode.ASYNC, Mode.SYNC])
async def test_of_several_starts_one_creates_the_tables_and_the_others_wait(url: str, mode: Mode) -> None:
    metadata = MetaData()
    for number in range(12):
        Table(f"t{number}", metadata, Column("id", Integer, primary_key=True))
    sources = [DataSource(url, schema=SchemaMode.CREATE, metadata=[metadata], mode=mode) for _ in range(6)]
    await asyncio.gather(*(source.start() for source in sources))
    if not sources[0].is_in_memory:
        async with sources[0].engine.connect() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM t11"))).scalar() == 0
    for source in sources:
        await source.stop()


async def test_a_start_that_waits_for_too_long_says_for_what(mariadb_url: str) -> None:
    blocked = DataSource(
        mariadb_url,
        schema=SchemaMode.CREATE,
        migrations=MigrationSettings(lock_timeout=timedelta(milliseconds=150)),
    )
    holder = DataSource(mariadb_url)
    async with holder.engine.connect() as connection:
        await connection.execute(
            text("SELECT GET_LOCK(:name, 0)"), {"name": f"pyfly:{holder.url.database}"[:64]}
        )
        with pytest.raises(Exception, match="changing the schema for more than"):
            await blocked.start()
    await holder.stop()


def test_a_collation_is_a_name_and_nothing_else() -> None:
    dialect = make_url("mariadb+pymysql://db/shop").get_dialect()()
    with pytest.raises(ValueError, match="is no collation"):
        compare_exactly(dialect, "x; DROP TABLE people")


@pytest.mark.parametrize(
    ("url", "version", "collation"),
    [
        ("mariadb+pymysql://", (10, 11), "utf8mb4_nopad_bin"),
        ("mysql+pymysql://", (8, 0, 36), "utf8mb4_0900_bin"),
        ("mysql+pymysql://", (5, 7), "utf8mb4_bin"),
        ("postgresql+psycopg://", (16,), None),
    ],
)
def test_each_database_is_told_what_it_needs(
    url: str, version: tuple[int, ...], collation: str | None
) -> None:
    made: list[str] = []
    engine = create_mock_engine(url, lambda statement, *_rest, **_more: made.append(compiled(statement)))
    dialect = engine.dialect
    dialect.server_version_info = version
    compare_exactly(dialect)

    def compiled(statement: object) -> str:
        return str(statement.compile(dialect=dialect))  # type: ignore[attr-defined]

    Person.__table__.create(engine, checkfirst=False)  # type: ignore[attr-defined]
    assert ("COLLATE" in made[0]) is (collation is not None)
    assert made[0].strip().endswith(f"COLLATE {collation}" if collation else ")")
