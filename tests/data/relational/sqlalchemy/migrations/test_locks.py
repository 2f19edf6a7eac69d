from datetime import timedelta

import pytest
from sqlalchemy import Connection

from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.data.relational.sqlalchemy.migrations import MigrationLockError
from pyfly.data.relational.sqlalchemy.migrations.locks import exclusive
from tests.data.relational.sqlalchemy.migrations.conftest import Make, rows

NONE = timedelta()


def hold(connection: Connection) -> None:
    with exclusive(connection, NONE):
        pass


async def test_the_lock_is_held_during_the_block_and_free_after_it(
    source: DataSource, make: Make, url: str
) -> None:
    other = make(url)
    async with source.engine.connect() as connection, other.engine.connect() as second:
        waiting = second.sync_connection
        assert waiting is not None

        def first(held: Connection) -> None:
            with exclusive(held, NONE), pytest.raises(MigrationLockError, match="for more than 0 s"):
                hold(waiting)

        await connection.run_sync(first)
        await second.run_sync(hold)


async def test_what_fails_in_the_block_is_undone_and_the_lock_is_free(source: DataSource) -> None:
    await rows(source, "CREATE TABLE things (id INTEGER)")

    def failing(connection: Connection) -> None:
        with exclusive(connection, NONE):
            connection.exec_driver_sql("INSERT INTO things VALUES (1)")
            raise LookupError("oops")

    with pytest.raises(LookupError, match="oops"):
        await source.run(failing)
    await source.run(hold)
    assert await rows(source, "SELECT * FROM things") == []


async def test_what_is_done_in_the_block_is_committed(source: DataSource) -> None:
    await rows(source, "CREATE TABLE things (id INTEGER)")

    def adding(connection: Connection) -> None:
        with exclusive(connection, NONE):
            connection.exec_driver_sql("INSERT INTO things VALUES (1)")

    await source.run(adding)
    assert await rows(source, "SELECT * FROM things") == [(1,)]


async def test_sqlite_gets_back_its_settings(make: Make, tmp_path: object) -> None:
    source = make(f"sqlite:///{tmp_path}/clinic.db")
    before = await rows(source, "PRAGMA busy_timeout"), await rows(source, "PRAGMA foreign_keys")
    await source.run(hold)
    assert before == (await rows(source, "PRAGMA busy_timeout"), await rows(source, "PRAGMA foreign_keys"))
