"""A project with entities and no revisions yet, on SQLite, PostgreSQL and MariaDB."""

import enum
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, ForeignKey, String, Table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, UtcDateTime
from pyfly.data.relational.sqlalchemy.migrations import MigrationSettings, Migrator
from pyfly.data.relational.sqlalchemy.migrations.target import Target

Make = Callable[..., DataSource]
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "a1"

def upgrade():
    with op.batch_alter_table("owners") as batch:
        batch.alter_column("name", type_=sa.String(60), existing_type=sa.String(30), existing_nullable=False)

def downgrade():
    with op.batch_alter_table("owners") as batch:
        batch.alter_column("name", type_=sa.String(30), existing_type=sa.String(60), existing_nullable=False)
"""
BROKEN = """
from alembic import op

revision = "c3"
down_revision = "a1"

def upgrade():
    op.execute("CREATE TABLE leftovers (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")

def downgrade(): ...
"""


class Kind(enum.Enum):
    CAT = "cat"
    DOG = "dog"


class Clinic(DeclarativeBase):
    """The tables of these tests."""


class Owner(Clinic):
    __tablename__ = "owners"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(30), index=True)
    joined: Mapped[datetime] = mapped_column(UtcDateTime)


class Pet(Clinic):
    __tablename__ = "pets"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    is_tame: Mapped[bool]
    weight: Mapped[Decimal]
    born: Mapped[date | None]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"))


class Elsewhere(Clinic):
    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)


REPORTS = Clinic.metadata.tables["reports"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "migrations"


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/clinic.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def make(folder: Path) -> AsyncIterator[Make]:
    """Makes data sources for these entities; they are stopped after the test."""
    made: list[DataSource] = []

    def make(
        url: str, schema: SchemaMode = SchemaMode.NONE, wait: timedelta = timedelta(seconds=30)
    ) -> DataSource:
        elsewhere: frozenset[Table] = frozenset({REPORTS})
        settings = MigrationSettings(folder=folder, lock_timeout=wait)
        made.append(
            DataSource(
                url,
                schema=schema,
                metadata=[Clinic.metadata],
                tables_elsewhere=elsewhere,
                migrations=settings,
            )
        )
        return made[-1]

    yield make
    for each in made:
        await each.stop()


@pytest.fixture
def source(make: Make, url: str) -> DataSource:
    return make(url)


@pytest.fixture
async def migrator(source: DataSource) -> Migrator:
    """The migrations of a project whose first revision ``a1`` makes all tables, on an empty database."""
    migrator = Migrator(source)
    migrator.scripts.create()
    await written_first(migrator)
    return migrator


async def written_first(migrator: Migrator) -> Path:
    """Write the first revision, and give it a name that is known."""
    file = await migrator.write("first tables")
    assert file is not None
    revision = migrator.scripts.history()[0].id
    file.write_text(file.read_text().replace(f'"{revision}"', '"a1"'))
    return file


def add(migrator: Migrator, name: str, text: str) -> None:
    """Add a revision by hand."""
    (migrator.scripts.folder / "versions" / f"{name}.py").write_text(text)


async def rows(source: Target, statement: str) -> list[tuple[object, ...]]:
    """Run a statement, commit, and return what it found."""

    def run(connection: Connection) -> list[tuple[object, ...]]:
        result = connection.execute(text(statement))
        found = [tuple(row) for row in result] if result.returns_rows else []
        connection.commit()
        return found

    return await source.run(run)
