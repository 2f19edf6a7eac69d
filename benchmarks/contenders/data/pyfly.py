"""pyfly: the repositories of an application."""

# mypy: disable-error-code=empty-body

from functools import cache
from typing import Any

from benchmarks.contenders.data.model import (
    BATCH,
    LOOP,
    OWNER,
    PAGE,
    WANTED,
    Account,
    Entry,
    database,
    entries,
)
from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import Pageable, Sort
from pyfly.data.relational.sqlalchemy import Repository

DISTRIBUTIONS = ("pyfly", "SQLAlchemy", "aiosqlite", "asyncpg")

_PAGE = Pageable.of(3, PAGE, Sort.by("id"))


@repository
class Accounts(Repository[Account, int]):
    async def find_by_owner(self, owner: str) -> list[Account]: ...


@repository
class Entries(Repository[Entry, int]):
    pass


class Work:
    def __init__(self, context: ApplicationContext) -> None:
        self._accounts = context.get_bean(Accounts)
        self._entries = context.get_bean(Entries)

    async def find_by_id(self) -> Any:
        return await self._accounts.find_by_id(WANTED)

    async def derived(self) -> Any:
        return await self._accounts.find_by_owner(OWNER)

    async def page(self) -> Any:
        page = await self._accounts.find_all(_PAGE)
        return page.items, page.total

    async def save(self) -> Any:
        return await self._entries.save(Entry(text="entry", amount=1))

    async def batch(self) -> Any:
        return await self._entries.save_all(entries(BATCH))


async def _started(address: str) -> ApplicationContext:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": address}}}))
    context.register_bean(Accounts)
    context.register_bean(Entries)
    await context.start()
    return context


_contexts = {store: LOOP.run_until_complete(_started(database(store))) for store in ("sqlite", "postgres")}


@cache
def _work(store: str) -> Work:
    return Work(_contexts[store])


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
