"""SQLAlchemy: a session for each unit of work, used by hand."""

from functools import cache
from typing import Any

from sqlalchemy import func, select
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

DISTRIBUTIONS = ("SQLAlchemy", "aiosqlite", "asyncpg")


class Work:
    def __init__(self, store: str) -> None:
        self._sessions = async_sessionmaker(engine(_addresses[store]), expire_on_commit=False)

    async def find_by_id(self) -> Any:
        async with self._sessions() as session:
            return await session.get(Account, WANTED)

    async def derived(self) -> Any:
        async with self._sessions() as session:
            found = await session.scalars(select(Account).where(Account.owner == OWNER))
            return list(found)

    async def page(self) -> Any:
        async with self._sessions() as session:
            found = await session.scalars(select(Account).order_by(Account.id).limit(PAGE).offset(2 * PAGE))
            items = list(found)
            return items, await session.scalar(select(func.count()).select_from(Account))

    async def save(self) -> Any:
        async with self._sessions() as session:
            entry = Entry(text="entry", amount=1)
            session.add(entry)
            await session.commit()
            return entry

    async def batch(self) -> Any:
        async with self._sessions() as session:
            several = entries(BATCH)
            session.add_all(several)
            await session.commit()
            return several


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
