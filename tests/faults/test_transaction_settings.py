"""T40: what a transaction asks for is enforced by the database, and is gone with it."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from pyfly.data import Isolation, ReadOnlyTransactionError
from pyfly.data.relational.properties import Mode, PoolProperties
from pyfly.data.relational.sqlalchemy import DataSource, SqlAlchemyTransactionManager
from pyfly.data.transactions import TransactionOptions
from tests.faults.bank import Bank, bank_url, change, open_accounts

__all__ = ["bank_url"]

LEVELS = [Isolation.READ_COMMITTED, Isolation.REPEATABLE_READ, Isolation.SERIALIZABLE]


@pytest.fixture
async def manager(bank_url: str) -> AsyncIterator[SqlAlchemyTransactionManager]:
    # Two connections, so that each is used by all kinds of transactions.
    source = DataSource(bank_url, pool=PoolProperties(max_size=2), mode=Mode.BOTH)
    await source.start()
    async with source.engine.begin() as connection:
        await connection.run_sync(Bank.metadata.create_all)
    manager = SqlAlchemyTransactionManager(source)
    await manager.write(open_accounts)
    yield manager
    await source.stop()


def level(session: Session) -> str:
    """Return the isolation level that the database itself reports."""
    match session.get_bind().dialect.name:
        case "postgresql":
            return str(session.execute(text("SHOW transaction_isolation")).scalar()).upper()
        case "sqlite":
            return "SERIALIZABLE"  # It has no other.
    # MariaDB shows transactions as they were up to a tenth of a second ago, and none before it has read something.
    session.execute(text("SELECT balance, SLEEP(0.11) FROM accounts WHERE id = 1"))
    running = "SELECT trx_isolation_level FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = connection_id()"
    found = session.execute(text(running)).scalar()
    return str(found or "READ COMMITTED")


DEFAULTS = {"postgresql": "READ COMMITTED", "mariadb": "REPEATABLE READ", "sqlite": "SERIALIZABLE"}


@pytest.mark.parametrize("isolation", LEVELS)
async def test_the_database_uses_the_level_that_was_asked_for(
    manager: SqlAlchemyTransactionManager, isolation: Isolation
) -> None:
    expected = "SERIALIZABLE" if manager.source.url.get_backend_name() == "sqlite" else isolation.sql
    async with manager.transaction(TransactionOptions(isolation=isolation)):
        assert await manager.read(level) == expected
    with manager.transaction_sync(TransactionOptions(isolation=isolation)):
        assert manager.sync.read(level) == expected


async def test_the_database_refuses_writes_of_a_read_only_transaction(
    manager: SqlAlchemyTransactionManager,
) -> None:
    with pytest.raises(ReadOnlyTransactionError) as raised:
        async with manager.transaction(TransactionOptions(read_only=True)):
            await manager.write(change, 1, 1)
    if manager.source.url.get_backend_name() == "postgresql":
        assert getattr(getattr(raised.value.__cause__, "orig", None), "sqlstate", "") == "25006"
    with (
        pytest.raises(ReadOnlyTransactionError),
        manager.transaction_sync(TransactionOptions(read_only=True)),
    ):
        manager.sync.write(change, 1, 1)


async def test_settings_do_not_reach_the_next_user_of_the_connection(
    manager: SqlAlchemyTransactionManager, tally: Any
) -> None:
    chance = random.Random(40)
    database = manager.source.url.get_backend_name()
    default, number = DEFAULTS[database], 30 if database == "mariadb" else 1_000
    for _ in range(number // 2):
        asked = TransactionOptions(
            read_only=chance.random() < 0.7, isolation=chance.choice(LEVELS), timeout=None
        )
        async with manager.transaction(asked):
            await manager.read(level)
        async with manager.transaction():
            assert await manager.read(level) == default
            await manager.write(change, 1, 1)
    tally(number, 0)
