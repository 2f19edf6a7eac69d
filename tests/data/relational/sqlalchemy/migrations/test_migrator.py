import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from pyfly.data.relational.properties import Mode
from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.data.relational.sqlalchemy.migrations import (
    InvalidRevisionError,
    MigrationFailedError,
    MigrationSettings,
    Migrator,
    MissingMigrationsError,
    SchemaBehindError,
    UnversionedSchemaError,
)
from pyfly.data.relational.sqlalchemy.migrations.target import Target
from tests.data.relational.sqlalchemy.migrations.conftest import BROKEN, SECOND, Clinic, Make, add, rows

INSERT = (
    "INSERT INTO owners (id, name, joined) VALUES ('00000000000000000000000000000001', 'ann', '2026-01-01')",
    "INSERT INTO pets (id, kind, is_tame, weight, owner_id) SELECT 1, 'CAT', '1', 3, id FROM owners",
)


async def tables(source: Target) -> set[str]:
    return set(await source.run(lambda connection: inspect(connection).get_table_names()))


async def test_a_revision_written_from_the_entities_makes_exactly_their_tables(migrator: Migrator) -> None:
    assert [each.id for each in await migrator.upgrade()] == ["a1"]
    assert await migrator.differences() == ()
    assert await migrator.missing() == ()
    assert await tables(migrator.source) == {"alembic_version", "owners", "pets"}


async def test_the_status_tells_what_is_pending_and_where_the_database_is(migrator: Migrator) -> None:
    before = await migrator.status()
    assert (before.current, [str(each) for each in before.pending]) == ((), ["a1 (first tables)"])
    await migrator.upgrade()
    after = await migrator.status()
    assert (after.current, after.pending, after.unknown) == (("a1",), (), ())


async def test_what_is_there_is_not_applied_again(migrator: Migrator) -> None:
    await migrator.upgrade()
    assert await migrator.upgrade() == ()


async def test_one_can_go_back_and_forward_step_by_step(migrator: Migrator) -> None:
    add(migrator, "second", SECOND)
    assert [each.id for each in await migrator.upgrade("+1")] == ["a1"]
    assert [each.id for each in await migrator.upgrade()] == ["b2"]
    assert [each.id for each in await migrator.downgrade("-1")] == ["b2"]
    assert [each.id for each in await migrator.downgrade("base")] == ["a1"]
    assert await tables(migrator.source) == {"alembic_version"}


async def test_a_change_of_a_table_keeps_the_rows_that_refer_to_it(migrator: Migrator) -> None:
    await migrator.upgrade()
    for statement in INSERT:
        await rows(migrator.source, statement)
    add(migrator, "second", SECOND)
    await migrator.upgrade()
    assert await rows(migrator.source, "SELECT id FROM pets") == [(1,)]
    if migrator.source.url.get_backend_name() == "sqlite":
        assert await rows(migrator.source, "PRAGMA foreign_keys") == [(1,)]


async def test_a_revision_that_fails_says_why_and_leaves_the_one_before(migrator: Migrator) -> None:
    add(migrator, "broken", BROKEN)
    with pytest.raises(MigrationFailedError) as raised:
        await migrator.upgrade()
    assert "nowhere" in raised.value.diagnosis.why[0]
    assert raised.value.diagnosis.why[1] == "The statement was: INSERT INTO nowhere VALUES (1)"
    backend = migrator.source.url.get_backend_name()
    if backend == "sqlite":  # All or nothing, because the lock is the transaction.
        assert await tables(migrator.source) == set()
    else:
        assert (await migrator.status()).current == ("a1",)
        assert ("leftovers" in await tables(migrator.source)) == (backend == "mariadb")
        assert ("rolled back" in raised.value.diagnosis.fix[0]) == (backend == "postgresql")


async def test_the_lock_is_free_after_a_failure(migrator: Migrator, make: Make, url: str) -> None:
    add(migrator, "broken", BROKEN)
    with pytest.raises(MigrationFailedError):
        await migrator.upgrade()
    other = Migrator(make(url, wait=timedelta()))
    (other.scripts.folder / "versions" / "broken.py").unlink()
    await other.upgrade()
    assert (await other.status()).current == ("a1",)


async def test_two_that_migrate_at_once_do_it_once(migrator: Migrator, make: Make, url: str) -> None:
    add(migrator, "second", SECOND)
    others = [Migrator(make(url)) for _ in range(3)]
    applied = await asyncio.gather(*(each.upgrade() for each in (migrator, *others)))
    assert sorted(len(each) for each in applied) == [0, 0, 0, 2]


async def test_an_index_can_be_made_concurrently_while_another_process_waits(
    postgres_url: str, make: Make
) -> None:
    first, second = Migrator(make(postgres_url)), Migrator(make(postgres_url))
    first.scripts.create()
    add(first, "first", _CONCURRENTLY)
    applied = await asyncio.gather(first.upgrade(), second.upgrade())
    assert sorted(len(each) for each in applied) == [0, 1]
    assert await rows(first.source, "SELECT indexname FROM pg_indexes WHERE indexname = 'ix_things_id'")


async def test_a_migration_that_is_cancelled_frees_the_lock(postgres_url: str, make: Make) -> None:
    slow, other = Migrator(make(postgres_url)), Migrator(make(postgres_url, wait=timedelta()))
    slow.scripts.create()
    add(slow, "first", _SLOW)
    task = asyncio.create_task(slow.upgrade())
    while not await rows(other.source, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)'"):
        pass
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (slow.scripts.folder / "versions/first.py").write_text(_SLOW.replace("pg_sleep(60)", "1"))
    assert [each.id for each in await other.upgrade()] == ["a1"]


async def test_tables_without_a_revision_are_left_alone(migrator: Migrator) -> None:
    await rows(migrator.source, "CREATE TABLE owners (id INTEGER)")
    with pytest.raises(UnversionedSchemaError, match="has tables, but no revision"):
        await migrator.upgrade()
    await migrator.stamp("heads")
    assert await migrator.upgrade() == ()
    assert set(await migrator.missing()) == {
        "table pets is missing",
        "column owners.name is missing",
        "column owners.joined is missing",
    }


async def test_a_database_that_is_ahead_has_nothing_pending(migrator: Migrator) -> None:
    await migrator.upgrade()
    await rows(migrator.source, "UPDATE alembic_version SET version_num = 'f9'")
    status = await migrator.status()
    assert (status.unknown, status.pending) == (("f9",), ())
    assert await migrator.upgrade() == ()
    await migrator.stamp("a1", purge=True)
    assert (await migrator.status()).unknown == ()


async def test_differences_are_told_in_words(migrator: Migrator) -> None:
    await migrator.upgrade()
    await rows(migrator.source, "ALTER TABLE pets DROP COLUMN weight")
    await rows(migrator.source, "CREATE TABLE stray (id INTEGER)")
    await rows(migrator.source, "DROP INDEX ix_owners_name" + _of_table(migrator.source))
    assert set(await migrator.differences()) == {
        "column pets.weight is missing",
        "table stray belongs to no entity",
        "index ix_owners_name on owners is missing",
    }


async def test_entities_are_not_compared_with_a_database_that_is_behind(migrator: Migrator) -> None:
    with pytest.raises(SchemaBehindError, match="is 1 revision behind"):
        await migrator.differences()
    with pytest.raises(SchemaBehindError):
        await migrator.write("second")


async def test_nothing_is_written_when_nothing_changed(migrator: Migrator) -> None:
    await migrator.upgrade()
    assert await migrator.write("nothing") is None
    written = await migrator.write("by hand", is_empty=True)
    assert written is not None
    assert 'down_revision = "a1"' in written.read_text()
    assert [each.message for each in migrator.scripts.history()] == ["first tables", "by hand"]


async def test_sql_can_be_had_instead(migrator: Migrator) -> None:
    sql = migrator.sql("heads")
    assert "CREATE TABLE owners" in sql
    assert "INSERT INTO alembic_version (version_num) VALUES ('a1')" in sql
    assert "DROP TABLE owners" in migrator.sql("a1:base", is_down=True)
    assert await tables(migrator.source) == set()


async def test_branches_can_be_joined(migrator: Migrator) -> None:
    assert migrator.merge("one head is enough") is None
    add(migrator, "second", SECOND)
    add(migrator, "third", SECOND.replace('"b2"', '"b3"'))
    assert migrator.scripts.heads() == ("b2", "b3")
    joined = migrator.merge("join")
    assert joined is not None
    assert len(migrator.scripts.heads()) == 1
    assert migrator.scripts.history()[-1].parents == ("b2", "b3")


async def test_branches_are_all_applied(migrator: Migrator) -> None:
    add(migrator, "second", SECOND)
    add(migrator, "third", SECOND.replace('"b2"', '"b3"'))
    await migrator.upgrade()
    assert (await migrator.status()).current == ("b2", "b3")


@pytest.mark.parametrize("revision", ["nonsense", "+7"])
async def test_a_revision_that_cannot_be_reached_is_refused(migrator: Migrator, revision: str) -> None:
    with pytest.raises(InvalidRevisionError):
        await migrator.upgrade(revision)


async def test_without_a_folder_the_remedy_is_named(source: DataSource) -> None:
    with pytest.raises(MissingMigrationsError) as raised:
        await Migrator(source).status()
    assert "pyfly db init" in raised.value.diagnosis.fix[0]


async def test_code_that_is_not_async_migrates_too(url: str, migrator: Migrator) -> None:
    sync = DataSource(
        url.replace("+asyncpg", ""),
        mode=Mode.SYNC,
        metadata=[Clinic.metadata],
        migrations=MigrationSettings(folder=migrator.scripts.folder),
    )
    try:
        assert [each.id for each in await Migrator(sync).upgrade()] == ["a1"]
    finally:
        await sync.stop()


async def test_rows_that_would_refer_to_nothing_undo_a_migration_on_sqlite(
    tmp_path: Path, make: Make
) -> None:
    migrator = Migrator(make(f"sqlite:///{tmp_path}/clinic.db"))
    migrator.scripts.create()
    add(migrator, "first", _ORPHANS)
    with pytest.raises(Exception, match="refer to nothing") as raised:
        await migrator.upgrade()
    assert raised.value.diagnosis.why == ("child refers to rows of parent that do not exist.",)  # type: ignore[attr-defined]
    assert await tables(migrator.source) == set()


async def test_a_database_in_memory_can_be_migrated(make: Make, folder: Path) -> None:
    source = make("sqlite://")
    migrator = Migrator(source)
    migrator.scripts.create()
    await migrator.write("first")
    async with source.engine.connect() as kept:
        await kept.execute(text("SELECT 1"))
    await migrator.upgrade()
    assert await migrator.missing() == ()


_ORPHANS = """
from alembic import op

revision = "a1"
down_revision = None

def upgrade():
    op.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
    op.execute("INSERT INTO child VALUES (7)")
"""

_SLOW = """
from alembic import op

revision = "a1"
down_revision = None

def upgrade():
    op.execute("SELECT pg_sleep(60)")
"""
_CONCURRENTLY = """
from alembic import op

revision = "a1"
down_revision = None

def upgrade():
    op.execute("CREATE TABLE things (id INTEGER)")
    with op.get_context().autocommit_block():
        op.create_index("ix_things_id", "things", ["id"], postgresql_concurrently=True)
"""


def _of_table(source: Target) -> str:
    return " ON owners" if source.url.get_backend_name() == "mariadb" else ""
