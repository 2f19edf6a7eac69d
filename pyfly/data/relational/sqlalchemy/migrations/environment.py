"""What a project's ``migrations/env.py`` calls."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import DropIndexOp, DropTableOp, MigrateOperation, MigrationScript, ModifyTableOps
from sqlalchemy import URL, Connection, MetaData
from sqlalchemy.types import TypeDecorator

from pyfly.data.relational.sqlalchemy.collation import compare_exactly
from pyfly.data.relational.sqlalchemy.migrations.exceptions import MigrationError
from pyfly.data.relational.sqlalchemy.migrations.renamed_types import is_other_type
from pyfly.data.relational.sqlalchemy.migrations.scripts import WORK
from pyfly.kernel.record import Record

Applied = Callable[[str], object]


class Work(Record, kw_only=True):
    """One run of Alembic.

    Attributes:
        connection: With the database; without one, SQL is written instead.
        url: Where the database is.
        metadata: The tables of the entities.
        elsewhere: Tables among them that belong to other data sources.
        version_table: Where the revision is kept.
        collation: Of new tables, where databases differ in that; exact if empty.
        applied: Told the revision of each step; none when nothing shall be changed.
    """

    connection: Connection | None
    url: URL
    metadata: Sequence[MetaData]
    elsewhere: Collection[object]
    version_table: str
    collation: str
    applied: Applied | None


def run_migrations(**options: Any) -> None:
    """Do what ``pyfly db``, or the start of the application, is about to do with the revisions.

    Args:
        **options: For Alembic's ``context.configure``; they win over what pyfly would say.

    Raises:
        MigrationError: Something else than pyfly runs Alembic.
    """
    work = context.config.attributes.get(WORK)
    if not isinstance(work, Work):
        raise MigrationError(
            "These migrations need the application.",
            ("They were run by Alembic alone, which knows neither its database nor its entities.",),
            ("Use `pyfly db` instead of `alembic`.",),
        )
    context.configure(**{**_target(work), **_usual(work), **options})
    if work.connection is None:
        compare_exactly(context.get_context().dialect, work.collation)
    with context.begin_transaction():
        context.run_migrations()


def migration_options(work: Work) -> dict[str, Any]:
    """Return the options that say which tables are compared, and where the revision is kept."""
    return {
        "target_metadata": list(work.metadata),
        "version_table": work.version_table,
        "include_object": lambda found, _name, _kind, _reflected, _other: found not in work.elsewhere,
    }


def _target(work: Work) -> dict[str, Any]:
    if work.connection is not None:
        return {"connection": work.connection}
    return {"url": work.url, "literal_binds": True, "dialect_opts": {"paramstyle": "named"}}


def _usual(work: Work) -> dict[str, Any]:
    return {
        **migration_options(work),
        # On SQLite most changes make the table anew; elsewhere such a block is plain ALTER TABLE.
        "render_as_batch": True,
        "transaction_per_migration": True,
        "render_item": _rendered,
        "compare_type": is_other_type,
        # Looking makes no table of revisions, even where that could not be rolled back.
        "dont_mutate": work.applied is None,
        "on_version_apply": lambda step, **_rest: (
            work.applied(str(step.up_revision_id)) if work.applied else None
        ),
    }


def _rendered(kind: str, found: Any, autogenerate: AutogenContext) -> str | bool:
    """Write types of one's own with their import; pyfly's as what they are in the database."""
    if kind == "type" and isinstance(found, TypeDecorator):
        if type(found).__module__.startswith("pyfly."):
            return f"sa.{found.impl!r}"
        autogenerate.imports.add(f"import {type(found).__module__}")
    return False


def tidied(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """Leave out revisions that do nothing, and the dropping of indexes that go with their table."""
    directives[:] = [each for each in directives if each.upgrade_ops and not each.upgrade_ops.is_empty()]
    for operations in (each.downgrade_ops for each in directives if each.downgrade_ops):
        dropped = {each.table_name for each in operations.ops if isinstance(each, DropTableOp)}
        operations.ops[:] = [each for each in operations.ops if not _goes_with(each, dropped)]


def _goes_with(operation: MigrateOperation, dropped: set[str]) -> bool:
    # MariaDB refuses to drop an index that a foreign key of the table needs.
    return (
        isinstance(operation, ModifyTableOps)
        and operation.table_name in dropped
        and all(isinstance(each, DropIndexOp) for each in operation.ops)
    )
