import pytest
from alembic.util.exc import CommandError

from pyfly.data.relational.keys import key_of, option_of
from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
    InvalidRevisionError,
    MigrationError,
    MigrationLockError,
    MissingMigrationsError,
    SchemaBehindError,
    SchemaMismatchError,
    UnversionedSchemaError,
)
from pyfly.data.relational.sqlalchemy.migrations.scripts import explained
from pyfly.data.relational.sqlalchemy.migrations.settings import MigrationSettings

PLACES = [
    ("default", "pyfly.data.", ""),
    ("analytics", "pyfly.data.datasources.analytics.", " --datasource analytics"),
]


@pytest.mark.parametrize(("name", "prefix", "option"), PLACES)
def test_keys_and_options_are_those_of_the_data_source(name: str, prefix: str, option: str) -> None:
    assert key_of(name, "pool.max-size") == f"{prefix}pool.max-size"
    assert option_of(name) == option


@pytest.mark.parametrize(("name", "prefix", "option"), PLACES)
def test_advice_about_migrations_concerns_the_data_source_that_it_is_about(
    name: str, prefix: str, option: str
) -> None:
    folder = MigrationSettings().folder
    expected: dict[MigrationError, list[str]] = {
        MissingMigrationsError(name, folder): [f"`pyfly db init{option}`", f"{prefix}migrations.location"],
        UnversionedSchemaError(name, ["a"]): [f"`pyfly db stamp REVISION{option}`"],
        SchemaBehindError(name, ["a1"]): [f"`pyfly db upgrade{option}`", f"{prefix}schema: migrate"],
        SchemaMismatchError(name, ["x"]): [f"`pyfly db migrate{option}`", f"`pyfly db upgrade{option}`"],
        MigrationLockError(1, name): [f"{prefix}migrations.lock-timeout"],
    }
    for failure, parts in expected.items():
        advice = " ".join(failure.diagnosis.fix)
        assert all(part in advice for part in parts), advice


def test_a_missing_revision_is_looked_up_in_the_history_of_the_data_source() -> None:
    with pytest.raises(InvalidRevisionError) as raised, explained("analytics"):
        raise CommandError("Can't locate revision identified by 'x'")
    assert "`pyfly db history --datasource analytics`" in raised.value.diagnosis.fix[0]
