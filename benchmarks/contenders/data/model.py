"""The tables, the rows and the databases that every contender works on."""

import asyncio
import atexit
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import String, event, insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ROWS, OWNERS, PAGE, BATCH = 1000, 50, 20, 1000
WANTED = 123
OWNER = "owner-7"

LOOP = asyncio.get_event_loop()
_resources = ExitStack()
atexit.register(_resources.close)


class Tables(DeclarativeBase):
    """The tables of the comparison."""


class Account(Tables):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(30), index=True)
    name: Mapped[str] = mapped_column(String(30))
    balance: Mapped[int]


class Entry(Tables):
    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(30))
    amount: Mapped[int]


def url(store: str) -> str:
    """Return the address of an empty database of this process."""
    if store == "sqlite":
        memory = Path("/dev/shm")  # the disk would be what is measured
        folder = _resources.enter_context(
            tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        )
        return f"sqlite+aiosqlite:///{folder}/data.db"
    from tests.servers.postgres import postgres  # the same servers as for the tests

    address: str = _resources.enter_context(postgres()).url
    asyncio.set_event_loop(LOOP)  # starting a server runs, and forgets, a loop of its own
    return address.replace("postgresql://", "postgresql+asyncpg://", 1)


async def filled(address: str) -> None:
    """Make the tables and the rows."""
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        await connection.run_sync(Tables.metadata.drop_all)
        await connection.run_sync(Tables.metadata.create_all)
        rows = [
            {"id": i, "owner": f"owner-{i % OWNERS}", "name": f"name-{i}", "balance": i}
            for i in range(1, ROWS + 1)
        ]
        await connection.execute(insert(Account), rows)
    await engine.dispose()


def engine(address: str) -> AsyncEngine:
    """Return an engine whose connections are set up like those of pyfly."""
    if not address.startswith("sqlite"):
        return create_async_engine(address, pool_size=10, max_overflow=0, pool_pre_ping=True)
    made = create_async_engine(address, pool_size=10, max_overflow=0)
    event.listen(made.sync_engine, "connect", _prepare)
    return made


def database(store: str) -> str:
    """Return the address of a filled database of this process."""
    address = url(store)
    LOOP.run_until_complete(filled(address))
    return address


def entries(number: int) -> list[Entry]:
    """Return new rows to insert."""
    return [Entry(text=f"entry-{i}", amount=i) for i in range(number)]


def _prepare(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys = ON",
        "busy_timeout = 5000",
        "case_sensitive_like = ON",
        "journal_mode = WAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
