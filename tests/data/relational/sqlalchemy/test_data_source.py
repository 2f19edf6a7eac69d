import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.data.relational.sqlalchemy.errors import translated
from pyfly.kernel.diagnosis import explain
from pyfly.kernel.exceptions import ServiceUnavailableException

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
