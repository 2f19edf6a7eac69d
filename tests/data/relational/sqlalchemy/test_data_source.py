import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, text

from pyfly.data.hooks import Leak, LeakHook
from pyfly.data.hooks.leaks import LOST
from pyfly.data.relational.properties import PoolProperties, SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.data.relational.sqlalchemy.errors import translated
from pyfly.kernel.diagnosis import explain
from pyfly.kernel.exceptions import ServiceUnavailableException
from pyfly.testing import TestClock

UNREACHABLE = ["sqlite:////nowhere/at/all.db", "postgresql://user:hunter2@127.0.0.1:1/none"]


@pytest.mark.parametrize("address", UNREACHABLE)
async def test_a_database_that_does_not_answer_fails_the_start(address: str) -> None:
    with pytest.raises(ServiceUnavailableException, match="'default' is not available") as raised:
        await DataSource(address).start()
    diagnosis = explain(raised.value)
    assert diagnosis is not None
    assert "hunter2" not in diagnosis.what
    assert diagnosis.fix == ("Start the database, or correct pyfly.data.url.",)


@pytest.mark.parametrize("address", UNREACHABLE)
async def test_a_ping_says_why_there_is_no_answer_and_never_raises(address: str) -> None:
    source = DataSource(address)
    ping = await source.ping()
    assert not ping
    assert ping.reason
    await source.stop()


async def test_a_silent_server_is_given_up_after_the_connect_timeout() -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    source = DataSource(
        f"postgresql://a:b@127.0.0.1:{port}/none", connect_timeout=timedelta(milliseconds=100)
    )
    with pytest.raises(ServiceUnavailableException):
        await source.start()
    assert (await source.ping()).reason == "No answer within 0.1 s"
    await source.stop()
    server.close()


async def test_a_reachable_database_answers(source: DataSource) -> None:
    assert await source.ping()


async def test_starting_makes_the_tables_only_once(source: DataSource) -> None:
    await source.start()
    assert await source.ping()


async def test_it_can_be_used_again_after_a_stop(source: DataSource) -> None:
    await source.stop()
    assert await source.ping()


def test_the_password_is_not_shown() -> None:
    assert "hunter2" not in repr(DataSource("postgresql://user:hunter2@db/shop"))


async def test_a_caller_that_gets_no_connection_in_time_is_told(tmp_path: Path) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool_size=1, connect_timeout=timedelta(milliseconds=50))
    async with source.engine.connect():
        with pytest.raises(ServiceUnavailableException), translated():
            async with source.engine.connect() as second:
                await second.close()
    await source.stop()


async def test_sqlite_is_strict_about_references_and_journals_ahead(tmp_path: Path) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db")
    async with source.engine.connect() as connection:
        values = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("foreign_keys", "journal_mode", "busy_timeout")
        ]
    assert values == [1, "wal", 5000]
    await source.stop()


async def test_a_named_data_source_is_corrected_under_its_name() -> None:
    with pytest.raises(ServiceUnavailableException) as raised:
        await DataSource(UNREACHABLE[0], name="analytics").start()
    diagnosis = explain(raised.value)
    assert diagnosis is not None
    assert diagnosis.fix == ("Start the database, or correct pyfly.data.datasources.analytics.url.",)


async def test_connections_are_closed_whoever_fails_to_hear_of_leaks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(LeakHook):
        def leaked(self, leak: Leak) -> None:
            raise LookupError(leak.datasource)

    source = DataSource(f"sqlite:///{tmp_path}/a.db")
    source.leaks.tell([Failing()])
    assert await source.ping()
    source.holders.taken(None, "somebody's", None)
    await source.stop()
    assert "Failing failed when it was told" in caplog.text
    assert source.statistics().idle == 0
    LOST.clear()


THINGS = Table("things", MetaData(), Column("id", Integer, primary_key=True))


def optional(folder: Path, schema: SchemaMode, clock: TestClock) -> DataSource:
    """Return a data source whose file cannot be opened before *folder* is there."""
    return DataSource(
        f"sqlite:///{folder}/late.db",
        schema=schema,
        metadata=[THINGS.metadata],
        optional=True,
        pool=PoolProperties(leak_threshold=timedelta(minutes=5)),
        clock=clock,
    )


async def until(clock: TestClock, condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await clock.elapse(timedelta(seconds=5))
            await asyncio.sleep(0)


def late_starts() -> list[str]:
    return [name for task in asyncio.all_tasks() if (name := task.get_name()).startswith("pyfly-late")]


async def test_an_optional_database_is_prepared_when_it_answers_at_last(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pyfly.data")
    clock, folder = TestClock(), tmp_path / "folder"
    source = optional(folder, SchemaMode.CREATE, clock)
    await source.start()
    assert [task.get_name() for task in asyncio.all_tasks() if "pyfly-leaks" in task.get_name()]
    await clock.elapse(timedelta(minutes=1))
    folder.mkdir()
    await until(clock, lambda: "answers now, and is prepared" in caplog.text)
    async with source.engine.connect() as connection:
        assert (await connection.execute(THINGS.select())).all() == []
    assert late_starts() == []
    await source.stop()


async def test_an_optional_database_that_answers_and_cannot_be_prepared_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, folder = TestClock(), tmp_path / "folder"
    source = optional(folder, SchemaMode.VALIDATE, clock)
    await source.start()
    folder.mkdir()
    await until(clock, lambda: "could not be prepared" in caplog.text)
    assert "is not as the entities need it" in caplog.text
    await source.stop()


async def test_nobody_waits_for_an_optional_database_after_the_stop(tmp_path: Path) -> None:
    source = optional(tmp_path / "folder", SchemaMode.CREATE, TestClock())
    await source.start()
    assert late_starts()
    await source.stop()
    assert late_starts() == []
