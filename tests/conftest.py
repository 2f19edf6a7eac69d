"""What all tests share: the servers, and the table that says which of them were there."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from tests.servers.postgres import database, postgres
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
    root = logging.getLogger()
    handlers, level, disabled = list(root.handlers), root.level, logging.root.manager.disable
    levels = {name: each.level for name, each in logging.root.manager.loggerDict.items() if isinstance(each, logging.Logger)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.disable(disabled)
    for name, each in logging.root.manager.loggerDict.items():
        if isinstance(each, logging.Logger):
            each.setLevel(levels.get(name, logging.NOTSET))
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Supply]:
    """A running PostgreSQL, shared by the session."""
    try:
        with postgres() as supply:
            _note(request.config, supply.server, supply.source, supply.version)
            yield supply
    except MissingServerError as missing:
        _note(request.config, "postgres", "MISSING", str(missing))
        if request.config.getoption("--require-servers"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture
async def postgres_url(postgres_server: Supply) -> AsyncIterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database that belongs to this test."""
    async with database(postgres_server.url) as url:
        yield url.replace("postgresql://", "postgresql+asyncpg://", 1)


def _note(config: pytest.Config, server: str, source: str, version: str) -> None:
    config.stash[ROWS][server] = (server, source, version)
