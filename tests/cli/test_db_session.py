import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.db_project import MAIN, db, migrated, project
from tests.cli.support import finish


def test_only_what_was_asked_for_goes_to_standard_output(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    code, said = finish(folder, "db", "current", "--json", errors=subprocess.DEVNULL)
    assert code == 0
    assert json.loads(said) == {"current": [], "pending": ["a1", "b2"], "unknown": []}


def test_the_application_is_not_started(tmp_path: Path) -> None:
    main = (
        MAIN
        + '\nfrom pyfly.container import service\n@service\nclass Eager:\n    def __init__(self): print("built")\n'
    )
    code, said = db(migrated(project(tmp_path, main=main)), "upgrade")
    assert (code, "built" in said) == (0, False), said


def test_a_profile_chooses_the_database(tmp_path: Path) -> None:
    folder = migrated(project(tmp_path))
    (folder / "pyfly-other.yaml").write_text("pyfly:\n  data:\n    url: sqlite:///other.db\n")
    assert db(folder, "upgrade", "--profile", "other")[0] == 0
    assert (folder / "other.db").is_file()
    assert not (folder / "lamps.db").exists()


@pytest.mark.parametrize(
    ("url", "arguments", "words"),
    [
        ("", [], "The application has no database: set pyfly.data.url."),
        ("sqlite://", ["--datasource", "other"], "There is no data source 'other'; there are: default."),
        ("sqlite://", [], "Run `pyfly db init`"),
        ("postgresql://a:hunter2@127.0.0.1:1/b", [], "cannot be reached"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(
    tmp_path: Path, url: str, arguments: list[str], words: str
) -> None:
    main = MAIN if url else MAIN.replace("(Repository[Lamp, int])", "").replace("@repository", "")
    folder = project(tmp_path, url=url, main=main)
    if "hunter2" in url:
        migrated(folder)
    code, said = db(folder, "current", *arguments)
    assert code == 1
    assert words in said
    assert "hunter2" not in said
    assert "Traceback" not in said


def test_without_an_application_it_is_told_how_to_name_one(tmp_path: Path) -> None:
    code, said = db(tmp_path, "upgrade")
    assert (code, "No application found" in said) == (1, True)
