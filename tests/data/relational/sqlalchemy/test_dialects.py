from datetime import timedelta

import pytest
from sqlalchemy import make_url

from pyfly.data.relational.sqlalchemy.dialects import engine_options, is_in_memory, with_driver


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
    assert engine_options(make_url("sqlite://"), 10, timedelta(seconds=2))["pool_size"] == 1


def test_connections_to_a_server_are_checked_before_use_and_given_up_in_time() -> None:
    options = engine_options(make_url("postgresql+asyncpg://db/shop"), 10, timedelta(seconds=2))
    assert options == {
        "pool_size": 10,
        "max_overflow": 0,
        "pool_timeout": 2.0,
        "pool_pre_ping": True,
        "connect_args": {"timeout": 2.0},
    }
