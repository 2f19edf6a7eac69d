"""What the start of a data source does about its schema, with Alembic loaded only now."""

import logging

from pyfly.data.relational.sqlalchemy.migrations.target import Target


async def prepare_schema(source: Target) -> None:
    """Bring the tables of *source* to the newest revision, or refuse to start on them, as its schema mode says.

    A database that is ahead was migrated by a newer version of the application, which then runs beside this one
    or was taken back: that is logged, and no reason to refuse.

    Raises:
        MigrationError: The tables are not, or cannot be brought, where they have to be.
    """
    _quieten_alembic()
    from pyfly.data.relational.sqlalchemy.migrations.modes import apply_mode

    await apply_mode(source)


def _quieten_alembic() -> None:
    """Keep what Alembic says about itself, already while it is imported, out of the log unless a level is set."""
    logger = logging.getLogger("alembic")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.WARNING)
