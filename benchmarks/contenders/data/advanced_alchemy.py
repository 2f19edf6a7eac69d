"""advanced-alchemy: a repository for each session."""

from functools import cache
from typing import Any

from advanced_alchemy.filters import LimitOffset, OrderBy
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from sqlalchemy.ext.asyncio import async_sessionmaker

from benchmarks.contenders.data.model import (
    BATCH,
    OWNER,
    PAGE,
    WANTED,
    Account,
    Entry,
    database,
    engine,
    entries,
)

DISTRIBUTIONS = ("advanced-alchemy", "aiosqlite", "asyncpg")


class Accounts(SQLAlchemyAsyncRepository[Account]):  # type: ignore[type-var]
    model_type = Account


class Entries(SQLAlchemyAsyncRepository[Entry]):  # type: ignore[type-var]
    model_type = Entry


class Work:
    def __init__(self, store: str) -> None:
        self._sessions = async_sessionmaker(engine(_addresses[store]), expire_on_commit=False)

    async def find_by_id(self) -> Any:
        async with self._sessions() as session:
            return await Accounts(session=session).get(WANTED)

    async def derived(self) -> Any:
        async with self._sessions() as session:
            return await Accounts(session=session).list(owner=OWNER)

    async def page(self) -> Any:
        async with self._sessions() as session:
            return await Accounts(session=session).list_and_count(
                LimitOffset(PAGE, 2 * PAGE), OrderBy("id", "asc"), count_with_window_function=False
            )

    async def save(self) -> Any:
        async with self._sessions() as session:
            return await Entries(session=session).add(Entry(text="entry", amount=1), auto_commit=True)

    async def batch(self) -> Any:
        async with self._sessions() as session:
            return await Entries(session=session).add_many(entries(BATCH), auto_commit=True)


_addresses = {store: database(store) for store in ("sqlite", "postgres")}


@cache
def _work(store: str) -> Work:
    return Work(store)


async def sqlite_find_by_id() -> Any:
    return await _work("sqlite").find_by_id()


async def sqlite_derived() -> Any:
    return await _work("sqlite").derived()


async def sqlite_page() -> Any:
    return await _work("sqlite").page()


async def sqlite_save() -> Any:
    return await _work("sqlite").save()


async def sqlite_batch() -> Any:
    return await _work("sqlite").batch()


async def postgres_find_by_id() -> Any:
    return await _work("postgres").find_by_id()


async def postgres_derived() -> Any:
    return await _work("postgres").derived()


async def postgres_page() -> Any:
    return await _work("postgres").page()


async def postgres_save() -> Any:
    return await _work("postgres").save()


async def postgres_batch() -> Any:
    return await _work("postgres").batch()
