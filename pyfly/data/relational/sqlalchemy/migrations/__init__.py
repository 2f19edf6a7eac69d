"""Migrations: the tables of a data source follow its entities, revision by revision, with Alembic.

A project keeps its revisions in ``migrations/``; ``pyfly db`` writes and applies them, and ``pyfly.data.schema`` says
what a start does about those that the database has not seen.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.relational.sqlalchemy.migrations.environment import run_migrations as run_migrations
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
        InvalidRevisionError as InvalidRevisionError,
    )
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import MigrationError as MigrationError
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
        MigrationFailedError as MigrationFailedError,
    )
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
        MigrationLockError as MigrationLockError,
    )
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
        MissingMigrationsError as MissingMigrationsError,
    )
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import SchemaBehindError as SchemaBehindError
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
        SchemaMismatchError as SchemaMismatchError,
    )
    from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
        UnversionedSchemaError as UnversionedSchemaError,
    )
    from pyfly.data.relational.sqlalchemy.migrations.migrator import Migrator as Migrator
    from pyfly.data.relational.sqlalchemy.migrations.migrator import SchemaStatus as SchemaStatus
    from pyfly.data.relational.sqlalchemy.migrations.scripts import Revision as Revision
    from pyfly.data.relational.sqlalchemy.migrations.settings import MigrationSettings as MigrationSettings

__all__ = [
    "InvalidRevisionError",
    "MigrationError",
    "MigrationFailedError",
    "MigrationLockError",
    "MigrationSettings",
    "Migrator",
    "MissingMigrationsError",
    "Revision",
    "SchemaBehindError",
    "SchemaMismatchError",
    "SchemaStatus",
    "UnversionedSchemaError",
    "run_migrations",
]

_HERE = "pyfly.data.relational.sqlalchemy.migrations"
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "InvalidRevisionError": f"{_HERE}.exceptions",
        "MigrationError": f"{_HERE}.exceptions",
        "MigrationFailedError": f"{_HERE}.exceptions",
        "MigrationLockError": f"{_HERE}.exceptions",
        "MigrationSettings": f"{_HERE}.settings",
        "Migrator": f"{_HERE}.migrator",
        "MissingMigrationsError": f"{_HERE}.exceptions",
        "Revision": f"{_HERE}.scripts",
        "SchemaBehindError": f"{_HERE}.exceptions",
        "SchemaMismatchError": f"{_HERE}.exceptions",
        "SchemaStatus": f"{_HERE}.migrator",
        "UnversionedSchemaError": f"{_HERE}.exceptions",
        "run_migrations": f"{_HERE}.environment",
    },
)
