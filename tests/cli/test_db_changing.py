import json
import subprocess
from pathlib import Path
from typing import Any

from tests.cli.db_project import SECOND, db, migrated, project
from tests.cli.support import finish


def test_revisions_are_applied_and_undone(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    assert "applied a1 (The first)\napplied b2 (The second)" in db(folder, "upgrade")[1]
    assert "Nothing to apply." in db(folder, "upgrade")[1]
    code, said = db(folder, "downgrade", "-1")
    assert (code, "undid b2 (The second)" in said) == (0, True), said
    code, said = db(folder, "upgrade", "nonsense")
    assert (code, "Can't locate revision" in said) == (1, True)


def test_sql_is_printed_instead(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    code, said = db(folder, "upgrade", "--sql")
    assert (code, "CREATE TABLE lamps" in said) == (0, True)
    assert "DROP TABLE shades" in db(folder, "downgrade", "b2:a1", "--sql")[1]
    assert "no revision" in db(folder, "current")[1]


def test_a_revision_that_fails_shows_the_statement(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    second = folder / "migrations/versions/second.py"
    second.write_text(SECOND.partition("    op.")[0] + '    op.execute("INSERT nonsense")\n')
    code, said = db(folder, "upgrade")
    assert code == 1
    assert "The statement was: INSERT nonsense" in said
    assert "Traceback" not in said


def test_a_database_can_be_said_to_be_at_a_revision(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    code, said = db(folder, "stamp", "a1")
    assert (code, "The database is at a1." in said) == (0, True)
    assert "pending b2 (The second)" in db(folder, "current")[1]


def test_programs_are_told_what_was_done(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))

    def said(*arguments: str) -> Any:
        code, text = finish(folder, "db", *arguments, "--json", errors=subprocess.DEVNULL)
        assert code == 0
        return json.loads(text)

    assert said("upgrade") == {"applied": ["a1", "b2"]}
    assert said("upgrade") == {"applied": []}
    assert said("downgrade", "-1") == {"undone": ["b2"]}
    assert said("stamp", "heads") == {"current": ["b2"]}
    assert said("merge") == {"created": None}
    code, text = db(folder, "upgrade", "--sql", "--json")
    assert (code, "choose one of them" in text) == (2, True)
