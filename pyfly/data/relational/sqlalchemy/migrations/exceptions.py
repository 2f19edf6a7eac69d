"""What can go wrong between the revisions of a project and the tables of its database.

PyFlyException
    MigrationError               each carries its explanation
      MissingMigrationsError     there is no folder of revisions
      InvalidRevisionError       no such revision, or it cannot be reached
      UnversionedSchemaError     there are tables, but nothing says which revision they are at
      SchemaBehindError          the database has not seen all revisions
      SchemaMismatchError        the database is not as the entities need it
      MigrationFailedError       a revision could not be applied
      MigrationLockError         another process did not stop migrating in time
"""

from collections.abc import Sequence
from pathlib import Path

from pyfly.data.relational.keys import DEFAULT, key_of, option_of
from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import PyFlyException

_SHOWN = 10


class MigrationError(PyFlyException):
    """The tables cannot be brought to the wanted revision, or are not at it.

    Attributes:
        diagnosis: What is wrong, the reasons and the remedies.
    """

    def __init__(self, what: str, why: Sequence[str] = (), fix: Sequence[str] = ()) -> None:
        """Say *what* is wrong, *why*, and what to do about it."""
        super().__init__(what.rstrip("."), "MIGRATION")
        self.diagnosis = Diagnosis(what, tuple(why), tuple(fix))


class MissingMigrationsError(MigrationError):
    """A data source has no folder of revisions."""

    def __init__(self, source: str, folder: Path) -> None:
        """Name the *source* and the *folder* where the revisions were looked for."""
        super().__init__(
            f"Data source '{source}' has no migrations.",
            (f"There is no {folder / 'env.py'}.",),
            (f"Run {_command('init', source)}, or set {key_of(source, 'migrations.location')}.",),
        )


class InvalidRevisionError(MigrationError):
    """A revision does not exist, is ambiguous, or cannot be reached from where the database is."""


class UnversionedSchemaError(MigrationError):
    """The database has tables of the application and no revision."""

    def __init__(self, source: str, tables: Sequence[str]) -> None:
        """Name the *source* and some of its *tables*."""
        super().__init__(
            f"The database of data source '{source}' has tables, but no revision.",
            (f"There are {_listed(tables)}, which migrations did not make.",),
            (
                f"If a revision makes just these, say which: {_command('stamp REVISION', source)} (`heads`: the newest).",
            ),
        )


class SchemaBehindError(MigrationError):
    """The database has not seen all revisions, and the start may not apply them."""

    def __init__(self, source: str, pending: Sequence[str]) -> None:
        """Name the *source* and the *pending* revisions."""
        count = f"{len(pending)} revision{'s' * (len(pending) != 1)}"
        super().__init__(
            f"The database of data source '{source}' is {count} behind.",
            tuple(pending[:_SHOWN]),
            (f"Run {_command('upgrade', source)}, or set {key_of(source, 'schema')}: migrate.",),
        )


class SchemaMismatchError(MigrationError):
    """The database lacks tables or columns of the entities, or has columns of another type or nullability."""

    def __init__(self, source: str, found: Sequence[str]) -> None:
        """Name the *source* and what was *found*."""
        rest = (f"And {len(found) - _SHOWN} more.",) if len(found) > _SHOWN else ()
        super().__init__(
            f"The database of data source '{source}' is not as the entities need it.",
            (*(f"{each}." for each in found[:_SHOWN]), *rest),
            (
                f"Write the change as a revision with {_command('migrate', source)}.",
                f"Apply it with {_command('upgrade', source)}.",
            ),
        )


class MigrationFailedError(MigrationError):
    """A revision could not be applied. The driver's own error is the ``__cause__``."""


class MigrationLockError(MigrationError):
    """Another process kept the lock on the schema for longer than this one may wait."""

    def __init__(self, seconds: float, source: str = DEFAULT) -> None:
        """Say how long was waited, and for which *source*."""
        super().__init__(
            f"Another process has been changing the schema for more than {seconds:g} s.",
            (),
            (f"Wait for it, or allow more time with {key_of(source, 'migrations.lock-timeout')}.",),
        )


@diagnose.register
def _explain(failure: MigrationError) -> Diagnosis:
    return failure.diagnosis


def _command(words: str, source: str) -> str:
    return f"`pyfly db {words}{option_of(source)}`"


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest
