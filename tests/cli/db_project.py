"""A project with one entity and a database, for the commands of ``pyfly db``."""

from pathlib import Path

from pyfly.data.relational.sqlalchemy.migrations.templates import REVISION
from tests.cli.support import finish, package

MAIN = """
import logging
from pyfly.container import repository
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.data.relational.sqlalchemy import Base, Repository
from sqlalchemy.orm import Mapped, mapped_column

print("noise while importing")

class Lamp(Base):
    __tablename__ = "lamps"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

@repository
class Lamps(Repository[Lamp, int]): ...

@pyfly_application(name="lamps", scan_packages=["lamps.main"])
class Application: ...

app = PyFlyApplication(Application)
"""
FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None

def upgrade():
    op.create_table("lamps", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False))

def downgrade():
    op.drop_table("lamps")
"""
SECOND = FIRST.replace('"lamps"', '"shades"').replace('"a1"', '"b2"').replace("None", '"a1"')


def project(folder: Path, *, url: str = "sqlite:///lamps.db", main: str = MAIN) -> Path:
    """Write the project into *folder*."""
    package(folder, "lamps", main)
    data = f"  data:\n    url: {url}\n    schema: validate\n" if url else ""
    (folder / "pyfly.yaml").write_text(f"pyfly:\n  banner:\n    mode: 'OFF'\n  app:\n    name: lamps\n{data}")
    return folder


def migrated(folder: Path) -> Path:
    """Give the project two revisions, the second of which makes a table that no entity needs."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "migrations" / "env.py").write_text(
        "from pyfly.data.relational.sqlalchemy.migrations import run_migrations\nrun_migrations()\n"
    )
    (folder / "migrations" / "script.py.mako").write_text(REVISION)
    (versions / "first.py").write_text(f'"""The first."""{FIRST}')
    (versions / "second.py").write_text(f'"""The second."""{SECOND}')
    return folder


def db(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run a command of ``pyfly db`` and return its exit code and what it printed."""
    return finish(folder, "db", *arguments)
