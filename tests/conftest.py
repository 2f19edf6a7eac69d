"""What all tests share: the servers, and the table that says which of them were there."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import structlog

from tests.servers import mariadb as mariadb_servers
from tests.servers import mongodb as mongodb_servers
from tests.servers.postgres import database, postgres
from tests.servers.redis import redis
from tests.servers.supply import MissingServerError, Supply, table

ROWS = pytest.StashKey[dict[str, tuple[str, str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-servers", action="store_true", help="a missing server is a failure, not a skip"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if rows := config.stash[ROWS]:
        terminalreporter.section("servers")
        for line in table(rows.values()):
            terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    """Starting an application configures logging for the process: it is put back after each test."""
    root, handlers = logging.getLogger(), list(logging.getLogger().handlers)
    before = {each: (each.level, each.disabled, each.propagate) for each in (root, *_loggers())}
    threshold = root.manager.disable
    yield
    root.handlers[:] = handlers
    logging.disable(threshold)
    for each in (root, *_loggers()):
        level, each.disabled, each.propagate = before.get(each, (logging.NOTSET, False, True))
        each.setLevel(level)
    structlog.reset_defaults()


def _loggers() -> list[logging.Logger]:
    known = list(logging.getLogger().manager.loggerDict.values())
    return [each for each in known if isinstance(each, logging.Logger)]


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Supply]:
    """A running PostgreSQL, shared by the session."""
    yield from _supplied(request.config, "postgres", postgres)


@pytest.fixture
async def postgres_url(postgres_server: Supply) -> AsyncIterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database that belongs to this test."""
    async with database(postgres_server.url) as url:
        yield url.replace("postgresql://", "postgresql+asyncpg://", 1)


@pytest.fixture(scope="session")
def mariadb_server(request: pytest.FixtureRequest) -> Iterator[Supply]:
    """A running MariaDB, shared by the session."""
    yield from _supplied(request.config, "mariadb", mariadb_servers.mariadb)


@pytest.fixture
def mariadb_url(mariadb_server: Supply) -> Iterator[str]:
    """The URL of an empty MariaDB database that belongs to this test."""
    with mariadb_servers.database(mariadb_server.url) as url:
        yield url


@pytest.fixture(scope="session")
def redis_server(request: pytest.FixtureRequest) -> Iterator[Supply]:
    """A running Redis or Valkey, shared by the session: tests use keys of their own."""
    yield from _supplied(request.config, "redis", redis)


@pytest.fixture(scope="session")
def mongodb_server(request: pytest.FixtureRequest) -> Iterator[Supply]:
    """A running server of MongoDB's protocol, shared by the session."""
    yield from _supplied(request.config, "mongodb", mongodb_servers.mongodb)


@pytest.fixture
def mongodb_url(mongodb_server: Supply) -> Iterator[str]:
    """The URL of an empty document database that belongs to this test."""
    with mongodb_servers.database(mongodb_server.url) as url:
        yield url


def _supplied(
    config: pytest.Config, name: str, provide: Callable[[], AbstractContextManager[Supply]]
) -> Iterator[Supply]:
    try:
        with provide() as supply:
            _note(config, supply.server, supply.source, supply.version)
            yield supply
    except MissingServerError as missing:
        _note(config, name, "MISSING", str(missing))
        if config.getoption("--require-servers"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


def _note(config: pytest.Config, server: str, source: str, version: str) -> None:
    config.stash[ROWS][server] = (server, source, version)
