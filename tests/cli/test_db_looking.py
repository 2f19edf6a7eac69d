import json
import subprocess
from pathlib import Path

from tests.cli.db_project import db, migrated, project
from tests.cli.support import finish


def test_the_history_is_shown_newest_first(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    assert "b2 (The second), after a1 [newest]\na1 (The first)" in db(folder, "history")[1]
    _, said = finish(folder, "db", "history", "--json", errors=subprocess.DEVNULL)
    assert [each["id"] for each in json.loads(said)] == ["b2", "a1"]


def test_the_check_tells_what_is_pending_and_then_what_differs(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    code, said = db(folder, "check")
    assert code == 1
    assert "pending a1 (The first)" in said
    db(folder, "upgrade")
    code, said = finish(folder, "db", "check", "--json", errors=subprocess.DEVNULL)
    assert code == 1
    assert json.loads(said) == {"pending": [], "differences": ["table shades belongs to no entity"]}


def test_the_check_tells_columns_of_another_type_or_nullability(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    (folder / "migrations/versions/second.py").unlink()
    first = folder / "migrations/versions/first.py"
    first.write_text(first.read_text().replace("sa.String, nullable=False", "sa.Integer"))
    db(folder, "upgrade")
    code, said = db(folder, "check")
    assert code == 1
    assert "column lamps.name is INTEGER, not VARCHAR" in said
    assert "column lamps.name allows null, which the entity refuses" in said


def test_a_database_that_is_ahead_is_told(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    db(folder, "upgrade")
    (folder / "migrations/versions/second.py").unlink()
    code, said = db(folder, "current")
    assert (code, "unknown b2: a newer version of the project made it" in said) == (0, True)
