"""Applications that migrate, or refuse to start, as ``pyfly.data.schema`` says."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyfly.container import BeanCreationException
from pyfly.core import PyFlyApplication
from pyfly.core.config import Config
from pyfly.data import DataSource
from pyfly.data.relational.properties import MigrationProperties
from pyfly.data.relational.sqlalchemy.migrations import (
    Migrator,
    MissingMigrationsError,
    UnversionedSchemaError,
)
from pyfly.data.relational.sqlalchemy.migrations.settings import settings_of
from tests.data.shop.accounts import Teller
from tests.data.test_data_application import Shop
from tests.docs.pages import ROOT

Build = Callable[..., PyFlyApplication]
FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None

def upgrade():
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String(50), unique=True, nullable=False),
        sa.Column("balance", sa.Integer, nullable=False),
    )
"""
SECOND = """
from alembic import op

revision = "b2"
down_revision = "a1"

def upgrade():
    op.execute("INSERT INTO accounts (owner, balance) VALUES ('bank', 0)")
"""
STARTED = """
import asyncio, sys
from pyfly.core import PyFlyApplication
from tests.data.test_data_application import Shop

async def main():
    async with PyFlyApplication(Shop, config_path=sys.argv[1]):
        print("started")

asyncio.run(main())
"""


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bank.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(url: str, schema: str, more: str = "") -> PyFlyApplication:
        file = tmp_path / "pyfly.yaml"
        file.write_text(
            "pyfly:\n  banner:\n    mode: 'OFF'\n  data:\n"
            f"    url: {url}\n    schema: {schema}\n    retry: {{max-attempts: 1}}\n{more}"
        )
        return PyFlyApplication(Shop, config_path=file)

    return build


@pytest.fixture
async def project(tmp_path: Path, build: Build) -> Path:
    """The folder of a project with two revisions."""
    build("sqlite://", "none")
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(
        "from pyfly.data.relational.sqlalchemy.migrations import run_migrations\nrun_migrations()\n"
    )
    (folder / "versions/first.py").write_text(FIRST)
    (folder / "versions/second.py").write_text(SECOND)
    return tmp_path


async def cause(application: PyFlyApplication) -> BaseException | None:
    with pytest.raises(BeanCreationException) as raised:
        await application.startup()
    return raised.value.__cause__


async def test_a_start_migrates(project: Path, build: Build, url: str) -> None:
    async with build(url, "migrate") as app:
        await app.context.get_bean(Teller).open("ann", 1)
        status = await Migrator(app.context.get_bean(DataSource)).status()
        assert (status.current, status.pending) == (("b2",), ())
    async with build(url, "migrate") as again:
        assert not (await Migrator(again.context.get_bean(DataSource)).status()).pending


def started(folder: Path) -> subprocess.Popen[str]:
    """Start the application in a process of its own, where no other test has made tables for the common base."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTED, str(folder / "pyfly.yaml")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said_by(folder: Path) -> str:
    """Start the application, stop it, and return what it printed."""
    return started(folder).communicate(timeout=60)[0]


def test_of_processes_that_start_together_one_migrates(project: Path, build: Build, url: str) -> None:
    build(url, "migrate")
    processes = [started(project) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], "\n".join(said)
    assert "\n".join(said).count("schema_migrated") == 1, "\n".join(said)


def test_a_start_that_may_not_migrate_is_refused_when_the_database_is_behind(
    project: Path, build: Build, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/bank.db"
    build(url, "validate")
    refused = said_by(project)
    assert "The database of data source 'default' is 2 revisions behind." in refused
    assert "Run `pyfly db upgrade`" in refused
    build(url, "migrate")
    assert "started" in said_by(project)
    build(url, "validate")
    assert "started" in said_by(project)
    (project / "migrations/versions/second.py").unlink()  # A newer version of the application has migrated.
    ahead = said_by(project)
    assert "schema_ahead" in ahead
    assert "started" in ahead


def test_a_start_is_refused_when_a_column_is_missing(project: Path, build: Build, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bank.db"
    first = project / "migrations/versions/first.py"
    first.write_text(FIRST.replace('sa.Column("balance", sa.Integer, nullable=False),', ""))
    (project / "migrations/versions/second.py").unlink()
    build(url, "migrate")
    assert "started" in said_by(project)
    build(url, "validate")
    assert "column accounts.balance is missing." in said_by(project)


def test_a_start_is_refused_when_a_column_has_another_type(
    project: Path, build: Build, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/bank.db"
    first = project / "migrations/versions/first.py"
    first.write_text(
        FIRST.replace("sa.String(50)", "sa.String(5)").replace("sa.Integer, nullable=False", "sa.Integer")
    )
    build(url, "migrate")
    assert "started" in said_by(project)
    build(url, "validate")
    refused = said_by(project)
    assert "column accounts.owner is VARCHAR(5), not VARCHAR(50)." in refused
    assert "column accounts.balance allows null, which the entity refuses." in refused
    assert "Write the change as a revision with `pyfly db migrate`" in refused


def test_tables_can_be_validated_without_any_revision(build: Build, tmp_path: Path) -> None:
    build("sqlite://", "validate")
    assert "table accounts is missing." in said_by(tmp_path)


async def test_migrating_without_revisions_is_refused(build: Build) -> None:
    assert isinstance(await cause(build("sqlite://", "migrate")), MissingMigrationsError)


async def test_tables_that_were_created_without_revisions_are_left_alone(
    project: Path, build: Build, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/bank.db"
    async with build(url, "create"):
        pass
    assert isinstance(await cause(build(url, "migrate")), UnversionedSchemaError)


async def test_each_data_source_has_revisions_of_its_own(project: Path, build: Build, tmp_path: Path) -> None:
    other = project / "migrations/archive"
    (other / "versions").mkdir(parents=True)
    (other / "env.py").write_text((project / "migrations/env.py").read_text())
    (other / "versions/old.py").write_text(FIRST.replace("a1", "z9").replace("accounts", "old"))
    more = f"    datasources: {{archive: {{url: 'sqlite:///{tmp_path}/old.db', schema: migrate}}}}\n"
    async with build(f"sqlite:///{tmp_path}/bank.db", "migrate", more) as app:
        sources = {each.name: each for each in app.context.get_beans_of_type(DataSource)}
        assert (await Migrator(sources["archive"]).status()).current == ("z9",)
        assert (await Migrator(sources["default"]).status()).current == ("b2",)


@pytest.mark.parametrize(
    ("location", "name", "expected"),
    [
        ("", "default", "{home}/migrations"),
        ("", "archive", "{home}/migrations/archive"),
        ("db/revisions", "default", "{home}/db/revisions"),
        ("/srv/revisions", "default", "/srv/revisions"),
        ("tests.data:shop/revisions", "default", f"{ROOT}/tests/data/shop/revisions"),
    ],
)
@pytest.mark.parametrize("inside", ["", "config/"])
def test_revisions_are_beside_the_configuration_or_in_a_package(
    tmp_path: Path, inside: str, location: str, name: str, expected: str
) -> None:
    (tmp_path / inside).mkdir(exist_ok=True)
    file = tmp_path / inside / "pyfly.yaml"
    file.write_text("a: 1\n")
    settings = settings_of(name, MigrationProperties(location=location), Config.from_file(file))
    assert str(settings.folder) == expected.format(home=tmp_path)


def test_alembic_alone_is_told_to_use_pyfly(project: Path) -> None:
    program = f"""if True:
        from alembic import command
        from alembic.config import Config
        config = Config()
        config.set_main_option("script_location", "{project}/migrations")
        command.upgrade(config, "heads")
    """
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert "These migrations need the application" in done.stderr
