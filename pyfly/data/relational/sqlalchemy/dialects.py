"""What differs between databases: drivers, connection settings and the start of a transaction."""

import sqlite3
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
    "mysql": "mysql+asyncmy",
    "mariadb": "mariadb+asyncmy",
}
_READ_ONLY = "pyfly.read_only"
_SCHEMA_LOCK = 0x70796679  # "pyfy": any number will do, as long as every process takes the same


def with_driver(url: str) -> URL:
    """Return *url* with the async driver of its database, unless it names a driver itself."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def is_in_memory(url: URL) -> bool:
    """Return whether *url* names a database that vanishes with its connection."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def probe(url: URL) -> None:
    """Raise ``OSError`` at once when *url* is a file of SQLite that cannot be opened.

    The async driver would leave a thread behind that complains when the event loop has gone.
    """
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        try:
            sqlite3.connect(url.database).close()
        except sqlite3.Error as failure:
            raise OSError(f"{url.database}: {failure}") from failure


def engine_options(url: URL, pool_size: int, timeout: timedelta) -> dict[str, Any]:
    """Return the pool settings for *url*."""
    options: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": timeout.total_seconds(),
    }
    if is_in_memory(url):
        # Every unit of work needs the one connection for itself: sharing it would mix their transactions.
        return {**options, "poolclass": AsyncAdaptedQueuePool, "pool_size": 1}
    if url.get_driver_name() == "asyncpg":
        options["connect_args"] = {"timeout": timeout.total_seconds()}
    return options if url.get_backend_name() == "sqlite" else {**options, "pool_pre_ping": True}


def prepare(engine: AsyncEngine) -> None:
    """Give every connection of *engine* the settings that make its database strict and predictable."""
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "reset", _leave_read_only)


def begin(connection: Connection, *, read_only: bool) -> None:
    """Start a transaction on *connection* the way its database needs it."""
    match connection.dialect.name:
        case "sqlite":
            _begin_sqlite(connection, read_only=read_only)
        case "postgresql" if read_only:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        case "mysql" | "mariadb" if read_only:
            connection.exec_driver_sql("START TRANSACTION READ ONLY")


def lock_for_schema(connection: Connection) -> None:
    """Wait until no other process changes the schema; the lock ends with the transaction."""
    match connection.dialect.name:
        case "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        case "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")


def _begin_sqlite(connection: Connection, *, read_only: bool) -> None:
    if read_only:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.info[_READ_ONLY] = True
    else:
        # The write lock at once: a lock taken after the first read fails when others wrote in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys = ON",
        "busy_timeout = 5000",
        "case_sensitive_like = ON",
        "journal_mode = WAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _leave_read_only(connection: Any, record: Any, _state: Any) -> None:
    if record is not None and record.info.pop(_READ_ONLY, False):
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = OFF")
        cursor.close()
