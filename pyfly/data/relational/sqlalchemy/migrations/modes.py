"""What ``pyfly.data.schema`` asks of the revisions when the application starts."""

from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy.migrations.exceptions import SchemaBehindError, SchemaMismatchError
from pyfly.data.relational.sqlalchemy.migrations.migrator import Migrator, SchemaStatus
from pyfly.data.relational.sqlalchemy.migrations.target import Target
from pyfly.logging.event_logger import EventLogger

_log = EventLogger("pyfly.data.migrations")


async def apply_mode(source: Target) -> None:
    """Migrate *source*, or compare it with the project, as its schema mode says."""
    migrator = Migrator(source)
    if source.schema is SchemaMode.MIGRATE:
        await _migrate(migrator)
    else:
        await _validate(migrator)


async def _migrate(migrator: Migrator) -> None:
    status = await migrator.status()
    _tell_if_ahead(migrator, status)
    if status.pending and (applied := await migrator.upgrade()):
        _log.info("schema_migrated", datasource=migrator.source.name, revisions=[each.id for each in applied])


async def _validate(migrator: Migrator) -> None:
    is_ahead = False
    if migrator.scripts.exist():
        status = await migrator.status()
        _tell_if_ahead(migrator, status)
        is_ahead = bool(status.unknown)
        if status.pending:
            raise SchemaBehindError(migrator.source.name, [f"{each}." for each in status.pending])
    # A newer version may have widened columns; what it has left out is still missed.
    if found := await (migrator.missing() if is_ahead else migrator.mismatches()):
        raise SchemaMismatchError(migrator.source.name, found)


def _tell_if_ahead(migrator: Migrator, status: SchemaStatus) -> None:
    if status.unknown:
        _log.info("schema_ahead", datasource=migrator.source.name, revisions=list(status.unknown))
