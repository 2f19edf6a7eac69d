"""What differs between databases: drivers, connection settings and the start of a transaction."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, event, make_url

from pyfly.config.normalize import engine
from pyfly.data.relational.keys import DEFAULT
from pyfly.data.relational.properties import DataSourceProperties, PoolProperties
from pyfly.data.relational.sqlalchemy.adding import number_together
from pyfly.data.relational.sqlalchemy.collation import compare_exactly
from pyfly.data.relational.sqlalchemy.migrations.locks import exclusive
from pyfly.data.transaction_options import Isolation
from pyfly.kernel.record import Record

_ASYNC_DRIVERS = {"sqlite": "aiosqlite", "postgresql": "asyncpg", "mariadb": "asyncmy", "mysql": "asyncmy"}
_SYNC_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg", "mariadb": "pymysql", "mysql": "pymysql"}
_PORTS = {"postgresql": 5432, "mariadb": 3306, "mysql": 3306}
_READ_ONLY = "pyfly.read_only"
_MOST_ATTEMPTS = 20
_SCHEMA_LOCK = 0x70796679  # "pyfy": any number will do, as long as every process takes the same


def with_driver(url: str | URL, *, is_async: bool = True) -> URL:
    """Return *url* with the driver of its database for async or for other code.

    Engines go by any of their names, and a server without a port has the usual one. A driver that
    the address names is kept for the kind of code that it serves.
    """
    parsed = make_url(url)
    name, _, driver = parsed.drivername.partition("+")
    backend = name if name == "mysql" else _engine(name)
    if not driver or _serves(driver, is_async=not is_async):
        driver = (_ASYNC_DRIVERS if is_async else _SYNC_DRIVERS).get(backend, driver)
    port = parsed.port or (_PORTS.get(backend) if parsed.host else None)
    return parsed.set(drivername=f"{backend}+{driver}" if driver else backend, port=port)


def _serves(driver: str, *, is_async: bool) -> bool:
    """Return whether *driver* is known to serve one kind of code alone, the one asked about."""
    if driver == "psycopg":
        return False  # It serves both.
    known = {
        True: {"aiosqlite", "asyncpg", "asyncmy", "aiomysql"},
        False: {"pysqlite", "psycopg2", "pymysql"},
    }
    return driver in known[is_async]


def _engine(name: str) -> str:
    try:
        return engine(name)
    except ValueError:
        return name  # A dialect that SQLAlchemy may know.


def address(properties: DataSourceProperties) -> str:
    """Return the address that *properties* give: the url, or what its parts say; empty if there is none."""
    if properties.url or not properties.engine:
        return properties.url
    if properties.engine == "sqlite":
        return f"sqlite:///{properties.name}"
    url = URL.create(
        properties.engine,
        username=properties.user or None,
        password=properties.password.reveal() or None,
        host=properties.host,
        port=properties.port,
        database=properties.name or None,
    )
    return url.render_as_string(hide_password=False)


def is_in_memory(url: URL) -> bool:
    """Return whether *url* names a database that vanishes with its connection."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def shared_memory(url: URL) -> URL:
    """Return *url*, of a database in memory, under a name that several connections can share."""
    # https://www.sqlite.org/src/file/src/memdb.c: names that begin with a slash are shared inside the process,
    # and locked as files are, which the older cache=shared is not.
    return url.set(database=f"file:/pyfly-{uuid4().hex}", query={"vfs": "memdb", "uri": "true"})


def probe(url: URL) -> None:
    """Raise ``OSError`` at once when *url* is a file of SQLite that cannot be opened.

    The async driver would leave a thread behind that complains when the event loop has gone.
    """
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        try:
            sqlite3.connect(url.database).close()
        except sqlite3.Error as failure:
            raise OSError(f"{url.database}: {failure}") from failure


def engine_options(url: URL, pool: PoolProperties) -> dict[str, Any]:
    """Return the pool settings for *url*."""
    connect = pool.connect_timeout.total_seconds()
    is_file = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {
        "pool_size": pool.max_size,
        "max_overflow": 0,
        "pool_timeout": (pool.acquire_timeout or pool.connect_timeout).total_seconds(),
        "pool_pre_ping": not is_file if pool.pre_ping is None else pool.pre_ping,
    }
    if pool.recycle is not None:
        options["pool_recycle"] = pool.recycle.total_seconds()
    if is_in_memory(url):
        # Every unit of work needs the one connection for itself: it ends with the last of them.
        return {**options, "pool_size": 1, "pool_pre_ping": False}
    match url.get_driver_name():
        case "asyncpg":
            options["connect_args"] = {"timeout": connect}
        case "psycopg" | "pymysql" | "asyncmy":
            # Whole seconds, and at least one.
            options["connect_args"] = {"connect_timeout": max(1, math.ceil(connect))}
    return options


def prepare(engine: Engine, collation: str = "") -> None:
    """Give *engine* and every connection of it the settings that make its database strict and predictable.

    Args:
        engine: It has made no connection yet.
        collation: Of the tables that it makes, where databases differ in that; exact if empty.

    Raises:
        ValueError: *collation* is no name.
    """
    compare_exactly(engine.dialect, collation)
    if engine.dialect.name == "sqlite":
        number_together(engine)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "reset", _leave_read_only)


class Beginning(Record):
    """How a transaction begins: whether it may write, how isolated it is, and how long a statement may take."""

    read_only: bool = False
    isolation: Isolation = Isolation.DEFAULT
    statement_timeout: timedelta | None = None

    @property
    def modes(self) -> str:
        """The part of ``SET TRANSACTION`` that says so; empty when everything is as the database has it."""
        isolated = self.isolation is not Isolation.DEFAULT
        level = f"ISOLATION LEVEL {self.isolation.sql}" if isolated else ""
        return ", ".join(filter(None, (level, "READ ONLY" if self.read_only else "")))


def begin(connection: Connection, how: Beginning) -> None:
    """Start a transaction on *connection* the way its database needs it."""
    match connection.dialect.name:
        case "sqlite":
            # Its transactions are serializable, whatever is asked for.
            _begin_sqlite(connection, read_only=how.read_only)
        case "postgresql":
            _begin_postgresql(connection, how)
        case "mysql" | "mariadb":
            _begin_mariadb(connection, how)


def _begin_postgresql(connection: Connection, how: Beginning) -> None:
    if modes := how.modes:
        connection.exec_driver_sql(f"SET TRANSACTION {modes}")
    if how.statement_timeout is not None:
        milliseconds = max(1, round(how.statement_timeout.total_seconds() * 1000))
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds}")


def _begin_mariadb(connection: Connection, how: Beginning) -> None:
    if how.isolation is not Isolation.DEFAULT:
        # Without SESSION it is for the next transaction alone, which the statement after it begins.
        connection.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL {how.isolation.sql}")
        connection.exec_driver_sql(f"START TRANSACTION READ {'ONLY' if how.read_only else 'WRITE'}")
    elif how.read_only:
        connection.exec_driver_sql("START TRANSACTION READ ONLY")


@contextmanager
def locked_for_schema(connection: Connection, limit: timedelta, source: str = DEFAULT) -> Iterator[None]:
    """Keep other processes from changing the schema of *source* during the block, and commit when it has ended.

    Raises:
        MigrationLockError: On MariaDB, others took longer than *limit*.
    """
    match connection.dialect.name:
        case "mysql" | "mariadb":
            # Each change commits there, so the lock cannot be one of the transaction.
            with exclusive(connection, limit, source=source):
                yield
            return
        case "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        case "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")
    yield
    connection.commit()


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
    for pragma in ("foreign_keys = ON", "busy_timeout = 5000", "case_sensitive_like = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _journal_ahead(cursor)
    cursor.close()


def _journal_ahead(cursor: Any) -> None:
    """Let readers and a writer of one file work side by side, which is changed once in the life of the file."""
    for _ in range(_MOST_ATTEMPTS):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            # It does not wait for processes that start at the same moment; taking the write lock does.
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def _leave_read_only(connection: Any, record: Any, _state: Any) -> None:
    if record is not None and record.info.pop(_READ_ONLY, False):
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = OFF")
        cursor.close()
