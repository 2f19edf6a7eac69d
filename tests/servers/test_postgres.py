"""The PostgreSQL that tests get."""

import asyncpg
import pytest

from tests.servers import postgres as module
from tests.servers.postgres import database, postgres
from tests.servers.supply import Supply, table


async def test_a_test_gets_an_empty_database_of_its_own_that_is_gone_afterwards(
    postgres_server: Supply,
) -> None:
    async with database(postgres_server.url) as url:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE orders (id int)")
        assert await connection.fetchval("SELECT count(*) FROM orders") == 0
        await connection.close()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)


async def test_the_url_is_ready_for_sqlalchemy(postgres_url: str) -> None:
    assert postgres_url.startswith("postgresql+asyncpg://")


def test_a_named_server_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.VARIABLE, "postgresql://postgres@127.0.0.1:1/postgres")
    with pytest.raises(OSError, match="Connect call failed"), postgres():
        pytest.fail("took another server")


def test_the_table_lines_up() -> None:
    assert table([("postgres", "ephemeral", "15.18")]) == [
        "server    source     version",
        "postgres  ephemeral  15.18",
    ]
