import json
import subprocess
from pathlib import Path

from tests.cli.db_project import db, migrated, project
from tests.cli.support import finish


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    code, said = db(folder, "init")
    assert (code, "migrations/env.py exists already" in said) == (1, True)


def test_nothing_is_written_when_nothing_changed_or_the_database_is_behind(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    (folder / "migrations/versions/second.py").unlink()
    code, said = db(folder, "migrate", "-m", "more")
    assert (code, "1 revision behind" in said) == (1, True)
    assert db(folder, "upgrade")[0] == 0
    code, said = db(folder, "migrate", "-m", "more")
    assert (code, "Nothing changed" in said) == (0, True)
    code, said = db(folder, "migrate", "-m", "by hand", "--empty")
    assert (code, "_by_hand.py" in said) == (0, True)


def test_branches_are_joined(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    assert "There is nothing to join." in db(folder, "merge")[1]
    versions = folder / "migrations/versions"
    (versions / "third.py").write_text((versions / "second.py").read_text().replace('"b2"', '"b3"'))
    code, said = db(folder, "heads")
    assert code == 1
    assert "b2\nb3" in said
    assert db(folder, "merge", "-m", "both")[0] == 0
    assert db(folder, "heads")[0] == 0


def test_programs_are_told_what_was_written(tmp_path: Path) -> None:
    folder = project(tmp_path)
    code, said = finish(folder, "db", "init", "--json", errors=subprocess.DEVNULL)
    assert code == 0
    assert "migrations/env.py" in json.loads(said)["created"]
    code, said = finish(folder, "db", "migrate", "-m", "first", "--json", errors=subprocess.DEVNULL)
    assert code == 0
    assert (folder / json.loads(said)["created"]).is_file()
