import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from pyfly.core.config import Secret
from pyfly.data.relational.properties import DataSourceProperties, PoolProperties
from pyfly.data.relational.sqlalchemy.dialects import (
    address,
    engine_options,
    is_in_memory,
    prepare,
    with_driver,
)

POOL = PoolProperties(connect_timeout=timedelta(seconds=2))


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///shop.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@db/shop", "postgresql+asyncpg"),
        ("postgres://u:p@db/shop", "postgresql+asyncpg"),
        ("mysql://db/shop", "mysql+asyncmy"),
        ("mariadb://db/shop", "mariadb+asyncmy"),
        ("postgresql+psycopg://db/shop", "postgresql+psycopg"),
    ],
)
def test_a_driver_is_added_unless_one_is_named(url: str, driver: str) -> None:
    assert with_driver(url).drivername == driver


@pytest.mark.parametrize(
    ("url", "expected"), [("sqlite://", True), ("sqlite:///:memory:", True), ("sqlite:///a.db", False)]
)
def test_a_database_in_memory_is_recognised(url: str, expected: bool) -> None:
    assert is_in_memory(make_url(url)) is expected


def test_a_database_in_memory_has_one_connection_that_is_never_shared() -> None:
    assert engine_options(make_url("sqlite://"), POOL)["pool_size"] == 1


def test_connections_to_a_server_are_checked_before_use_and_given_up_in_time() -> None:
    options = engine_options(make_url("postgresql+asyncpg://db/shop"), POOL)
    assert options == {
        "pool_size": 10,
        "max_overflow": 0,
        "pool_timeout": 2.0,
        "pool_pre_ping": True,
        "connect_args": {"timeout": 2.0},
    }


def test_the_pool_is_as_it_was_configured() -> None:
    pool = PoolProperties(
        max_size=3, acquire_timeout=timedelta(seconds=1), recycle=timedelta(minutes=5), pre_ping=False
    )
    assert engine_options(make_url("mysql+pymysql://db/shop"), pool) == {
        "pool_size": 3,
        "max_overflow": 0,
        "pool_timeout": 1.0,
        "pool_pre_ping": False,
        "pool_recycle": 300.0,
        "connect_args": {"connect_timeout": 5},
    }


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///shop.db", "sqlite+pysqlite"),
        ("postgresql+asyncpg://db/shop", "postgresql+psycopg"),
        ("pg+psycopg://db/shop", "postgresql+psycopg"),
        ("mysql://db/shop", "mysql+pymysql"),
        ("mariadb+asyncmy://db/shop", "mariadb+pymysql"),
    ],
)
def test_other_code_has_a_driver_of_its_own(url: str, driver: str) -> None:
    assert with_driver(url, is_async=False).drivername == driver


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("pg://db/shop", "postgresql+asyncpg://db:5432/shop"),
        ("maria://db/shop", "mariadb+asyncmy://db:3306/shop"),
        ("sqlite3:///shop.db", "sqlite+aiosqlite:///shop.db"),
        ("mysql://db:3307/shop", "mysql+asyncmy://db:3307/shop"),
    ],
)
def test_engines_go_by_any_name_and_have_their_usual_port(url: str, expected: str) -> None:
    assert str(with_driver(url)) == expected


def test_an_address_can_be_given_in_parts() -> None:
    said = DataSourceProperties(
        engine="postgresql", host="db", name="shop", user="ann", password=Secret("p@ss/word")
    )
    assert with_driver(address(said)).password == "p@ss/word"
    assert with_driver(address(said)).port == 5432
    assert address(DataSourceProperties(engine="sqlite", name="a.db")) == "sqlite:///a.db"
    assert address(DataSourceProperties()) == ""


def test_programs_that_open_a_new_file_of_sqlite_together_wait_for_each_other(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    class Waiting(sqlite3.Cursor):
        """While it waits for the lock, the other program goes on."""

        def execute(self, sql: str, *parameters: Any) -> Any:
            if sql == "BEGIN IMMEDIATE":
                other.execute("COMMIT")
            return super().execute(sql, *parameters)

    class Program(sqlite3.Connection):
        def cursor(self, factory: Callable[..., Any] | None = Waiting) -> Any:
            return super().cursor(factory or Waiting)

    engine = create_engine(f"sqlite:///{file}", connect_args={"factory": Program})
    prepare(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    other.close()
