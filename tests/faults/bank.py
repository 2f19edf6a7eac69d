"""Accounts whose sum must never change, in a fresh database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pyfly.data.relational.properties import PoolProperties, SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, SqlAlchemyTransactionManager

ACCOUNTS = 20
EACH = 1_000


class Bank(DeclarativeBase):
    """The tables of the bank."""


class Account(Bank):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    balance: Mapped[int] = mapped_column(default=EACH)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def open_accounts(session: Session) -> None:
    session.add_all(Account(id=number) for number in range(1, ACCOUNTS + 1))
    session.flush()


def change(session: Session, number: int, amount: int) -> None:
    session.execute(update(Account).where(Account.id == number).values(balance=Account.balance + amount))


def total(session: Session) -> int:
    return session.execute(select(func.sum(Account.balance))).scalar_one()


def balance(session: Session, number: int) -> int:
    return session.execute(select(Account.balance).where(Account.id == number)).scalar_one()


def idle_in_transaction(session: Session) -> int:
    found = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
    )
    return int(session.execute(found).scalar_one())


async def opened(url: str, pool: PoolProperties) -> SqlAlchemyTransactionManager:
    source = DataSource(url, schema=SchemaMode.CREATE, metadata=[Bank.metadata], pool=pool)
    await source.start()
    manager = SqlAlchemyTransactionManager(source)
    await manager.write(open_accounts)
    return manager


@pytest.fixture
async def bank(postgres_url: str) -> AsyncIterator[SqlAlchemyTransactionManager]:
    """The bank on PostgreSQL, with a pool of ten."""
    manager = await opened(postgres_url, PoolProperties(max_size=10))
    yield manager
    await manager.source.stop()


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def bank_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a bank can be, in each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bank.db"
    return str(request.getfixturevalue(f"{request.param}_url"))
