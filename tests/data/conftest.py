"""Databases for tests of data: a ledger for transactions, and an office that is a whole application."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.data.relational.properties import Mode, SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, SqlAlchemyTransactionManager
from tests.data.ledger import Books

OfficeBuild = Callable[..., PyFlyApplication]


@pyfly_application(name="office", scan_packages=["tests.data.office"])
class Office:
    """The application of these tests."""


@pytest.fixture(params=["memory", "file", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    match request.param:
        case "memory":
            return "sqlite://"
        case "file":
            return f"sqlite:///{tmp_path}/ledger.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[DataSource]:
    source = DataSource(url, schema=SchemaMode.CREATE, metadata=[Books.metadata], mode=Mode.BOTH)
    await source.start()
    yield source
    await source.stop()


@pytest.fixture
def books(ledger: DataSource) -> SqlAlchemyTransactionManager:
    return SqlAlchemyTransactionManager(ledger)


@pytest.fixture
def office_with(tmp_path: Path) -> OfficeBuild:
    def build(url: str, **settings: Any) -> PyFlyApplication:
        archive = {"url": f"sqlite:///{tmp_path}/archive.db", "schema": "create"}
        copy = {"url": f"sqlite:///{tmp_path}/copy.db"}
        data = {"url": url, "schema": "create", "datasources": {"archive": archive, "copy": copy}, **settings}
        file = tmp_path / "pyfly.yaml"
        file.write_text(yaml.safe_dump({"pyfly": {"banner": {"mode": "OFF"}, "data": data}}))
        return PyFlyApplication(Office, config_path=file)

    return build


@pytest.fixture
async def office(office_with: OfficeBuild, url: str) -> AsyncIterator[PyFlyApplication]:
    async with office_with(url, retry={"backoff": "1ms"}) as app:
        yield app
