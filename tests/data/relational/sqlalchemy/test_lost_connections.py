"""Connections of the pool that the server has ended meanwhile, without a check before use."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pymysql
import pytest
from sqlalchemy import String, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.schema import ForeignKey

from pyfly.container import repository, service
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import DataSource, SqlClient, transactional
from pyfly.data.relational.sqlalchemy import Repository
from pyfly.kernel.exceptions import ServiceUnavailableException


class Lost(DeclarativeBase):
    """The tables of these tests."""


class Parcel(Lost):
    __tablename__ = "parcels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    labels: Mapped[list["Label"]] = relationship(back_populates="parcel", lazy="selectin")


class Label(Lost):
    __tablename__ = "parcel_labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    parcel: Mapped[Parcel] = relationship(back_populates="labels", lazy="raise")


@repository
class Parcels(Repository[Parcel, int]):
    pass


@repository
class Labels(Repository[Label, int]):
    pass


@service
class Depot:
    def __init__(self, parcels: Parcels, sql: SqlClient) -> None:
        self.parcels = parcels
        self.sql = sql
        self.attempts = 0

    @transactional
    async def look(self) -> int:
        self.attempts += 1
        return await self.parcels.count()

    @transactional
    async def store(self, name: str, between: Callable[[], Awaitable[None]]) -> None:
        self.attempts += 1
        await self.parcels.save(Parcel(name=name))
        if self.attempts == 1:
            await between()
        await self.sql.execute(
            "UPDATE parcels SET name = :new WHERE name = :old", {"new": f"{name}!", "old": name}
        )


def context_of(url: str) -> ApplicationContext:
    data = {"url": url, "schema": "create", "mode": "both", "pool": {"pre-ping": False, "max-size": 2}}
    context = ApplicationContext(Config({"pyfly": {"data": data}}))
    for bean in (Parcels, Labels, Depot):
        context.register_bean(bean)
    return context


def end_postgres(url: str) -> None:
    with psycopg.connect(url.replace("+asyncpg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


@pytest.fixture
async def depot(postgres_url: str) -> AsyncIterator[ApplicationContext]:
    async with context_of(postgres_url) as context:
        yield context


CALLS: dict[str, Callable[[ApplicationContext], Any]] = {
    "read": lambda context: context.get_bean(Parcels).count(),
    "save": lambda context: context.get_bean(Parcels).save(Parcel(name="new", labels=[Label()])),
    "save all": lambda context: context.get_bean(Parcels).save_all([Parcel(name="new")]),
    "query": lambda context: context.get_bean(SqlClient).query("SELECT 1 AS a"),
    "execute": lambda context: context.get_bean(SqlClient).execute(
        "INSERT INTO parcels (name) VALUES ('new')"
    ),
    "transaction": lambda context: context.get_bean(Depot).look(),
    "plain read": lambda context: asyncio.to_thread(context.get_bean(Parcels).sync.count),
    "plain save": lambda context: asyncio.to_thread(context.get_bean(Parcels).sync.save, Parcel(name="new")),
    "plain query": lambda context: asyncio.to_thread(context.get_bean(SqlClient).sync.query, "SELECT 1 AS a"),
}


@pytest.mark.parametrize("kind", CALLS)
async def test_the_first_call_on_a_connection_that_has_ended_is_done_on_another(
    depot: ApplicationContext, postgres_url: str, kind: str
) -> None:
    parcels = depot.get_bean(Parcels)
    await parcels.count()
    await asyncio.to_thread(parcels.sync.count)
    await asyncio.to_thread(end_postgres, postgres_url)
    await CALLS[kind](depot)
    assert await parcels.count() == (1 if kind in ("save", "save all", "execute", "plain save") else 0)


async def test_a_unit_that_was_undone_with_its_connection_is_done_once_more(
    depot: ApplicationContext, postgres_url: str
) -> None:
    bean = depot.get_bean(Depot)
    await bean.store("a", lambda: asyncio.to_thread(end_postgres, postgres_url))
    assert bean.attempts == 2
    assert [each.name for each in await depot.get_bean(Parcels).find_all()] == ["a!"]


async def test_an_unknown_outcome_of_a_commit_is_told_and_nothing_is_repeated(
    depot: ApplicationContext, postgres_url: str
) -> None:
    engine = depot.get_bean(DataSource).engine.sync_engine
    commits: list[object] = []

    def broken(connection: object) -> None:
        commits.append(connection)
        end_postgres(postgres_url)

    event.listen(engine, "commit", broken)
    for call in (CALLS["save"], CALLS["execute"], CALLS["transaction"]):
        with pytest.raises(ServiceUnavailableException):
            await call(depot)
    assert len(commits) == 3
    event.remove(engine, "commit", broken)
    assert await depot.get_bean(Parcels).count() == 0


async def test_an_entity_that_was_stored_is_never_saved_twice(
    depot: ApplicationContext, postgres_url: str
) -> None:
    parcels, labels = depot.get_bean(Parcels), depot.get_bean(Labels)
    stored = await parcels.save(Parcel(name="a"))
    calls: list[Callable[[Parcel], Awaitable[object]]] = [
        parcels.save,
        lambda parcel: labels.save(Label(parcel=parcel)),
    ]
    for call in calls:
        stored.name = "b"
        await parcels.count()
        await asyncio.to_thread(end_postgres, postgres_url)
        with pytest.raises(ServiceUnavailableException):
            await call(stored)
        [stored] = await parcels.find_all()
        assert stored.name == "a"
    assert await labels.count() == 0


async def test_on_mariadb_reads_are_repeated_and_writes_are_not(mariadb_url: str) -> None:
    place = urlsplit(mariadb_url)

    def end() -> None:
        with pymysql.connect(
            host=place.hostname, port=place.port or 3306, user=place.username, password=place.password or ""
        ) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT id FROM information_schema.processlist WHERE db = %s", (place.path[1:],))
            for (number,) in cursor.fetchall():
                cursor.execute(f"KILL {number}")

    async with context_of(mariadb_url) as context:
        parcels = context.get_bean(Parcels)
        for kind in ("read", "query", "plain query"):
            await parcels.count()
            await asyncio.to_thread(end)
            await CALLS[kind](context)
        for kind in ("save", "execute"):
            await parcels.count()
            await asyncio.to_thread(end)
            with pytest.raises(ServiceUnavailableException):
                await CALLS[kind](context)
        assert await parcels.count() == 0
