"""One process at a time changes the schema of a database."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.util import await_only
from sqlalchemy.util.concurrency import in_greenlet

from pyfly.data.relational.keys import DEFAULT
from pyfly.data.relational.sqlalchemy.migrations.exceptions import MigrationError, MigrationLockError
from pyfly.kernel.clock import Clock, SystemClock

_KEY = 0x7079666C79  # "pyfly": any number will do, as long as every process takes the same
_PAUSE = 0.1


@contextmanager
def exclusive(
    connection: Connection, limit: timedelta, clock: Clock | None = None, *, source: str = DEFAULT
) -> Iterator[None]:
    """Keep other processes from changing the schema during the block, and commit when it has ended.

    The lock belongs to *connection*: if that, or the process, breaks, it is free again.

    Args:
        connection: With the database; no transaction may be running on it.
        limit: How long to wait for others.
        clock: Measures the wait.
        source: Which data source it is.

    Raises:
        MigrationLockError: Others took longer than *limit*.
    """
    hold = _HOLDERS.get(connection.dialect.name, _unlocked)
    with hold(connection, _Wait(limit, clock or SystemClock(), source)):
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


class _Wait:
    """Asks for a lock again and again. Waiting inside the database would keep a snapshot open, which blocks others."""

    def __init__(self, limit: timedelta, clock: Clock, source: str) -> None:
        self._limit = limit.total_seconds()
        self._source = source
        self._clock = clock

    def until(self, taken: Callable[[], bool]) -> None:
        end = self._clock.monotonic() + self._limit
        while not taken():
            if self._clock.monotonic() >= end:
                raise MigrationLockError(self._limit, self._source)
            _pause(_PAUSE)


def _pause(seconds: float) -> None:
    if in_greenlet():
        await_only(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)


@contextmanager
def _unlocked(_connection: Connection, _wait: _Wait) -> Iterator[None]:
    yield


@contextmanager
def _postgresql(connection: Connection, wait: _Wait) -> Iterator[None]:
    key = {"key": _KEY}
    wait.until(lambda: _answer(connection, "SELECT pg_try_advisory_lock(:key)", key))
    with _released(connection, "SELECT pg_advisory_unlock(:key)", key):
        yield


@contextmanager
def _mariadb(connection: Connection, wait: _Wait) -> Iterator[None]:
    # Such locks belong to the whole server, and their names have at most 64 characters.
    name = {"name": f"pyfly:{connection.engine.url.database}"[:64]}
    wait.until(lambda: _answer(connection, "SELECT GET_LOCK(:name, 0)", name))
    with _released(connection, "SELECT RELEASE_LOCK(:name)", name):
        yield


@contextmanager
def _released(connection: Connection, statement: str, parameters: dict[str, Any]) -> Iterator[None]:
    try:
        yield
    finally:
        try:
            _answer(connection, statement, parameters)
        except DBAPIError:
            connection.invalidate()  # The server frees the lock of a connection that has ended.


def _answer(connection: Connection, statement: str, parameters: dict[str, Any]) -> bool:
    found = bool(connection.scalar(text(statement), parameters))
    connection.commit()
    return found


@contextmanager
def _sqlite(connection: Connection, wait: _Wait) -> Iterator[None]:
    """Hold the write lock by a transaction, with foreign keys off.

    Changing a table means making it anew there; dropping the old one would delete the rows that refer to it.
    """
    patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    keys = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    _pragmas(connection, "foreign_keys = OFF", "busy_timeout = 0")
    try:
        wait.until(lambda: _begun(connection))
        yield
    finally:
        connection.rollback()
        _pragmas(connection, f"foreign_keys = {keys}", f"busy_timeout = {patience}")


def _begun(connection: Connection) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as failure:
        connection.rollback()
        if not str(getattr(failure.orig, "sqlite_errorname", "")).startswith(
            ("SQLITE_BUSY", "SQLITE_LOCKED")
        ):
            raise
        return False
    return True


def check_references(connection: Connection) -> None:
    """Refuse rows that refer to nothing, where they could have come about with foreign keys off.

    Raises:
        MigrationError: There are some.
    """
    if connection.dialect.name != "sqlite":
        return
    broken = sorted(
        {f"{row[0]} refers to rows of {row[2]} that do not exist." for row in _violations(connection)}
    )
    if broken:
        raise MigrationError("The migration would leave rows that refer to nothing.", broken)


def _violations(connection: Connection) -> list[Any]:
    return list(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())


def _pragmas(connection: Connection, *pragmas: str) -> None:
    for pragma in pragmas:
        connection.exec_driver_sql(f"PRAGMA {pragma}")
    connection.commit()


_HOLDERS: dict[str, Any] = {
    "postgresql": _postgresql,
    "mysql": _mariadb,
    "mariadb": _mariadb,
    "sqlite": _sqlite,
}
