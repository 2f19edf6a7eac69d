from pathlib import Path

from tests.cli.db_project import db, project


def test_from_entities_to_tables_without_editing_a_file(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert db(folder, "init")[0] == 0
    code, said = db(folder, "migrate", "-m", "first tables")
    assert code == 0
    assert "created migrations/versions/" in said
    assert db(folder, "check")[0] == 1
    code, said = db(folder, "upgrade")
    assert (code, "(first tables)" in said) == (0, True)
    code, said = db(folder, "check")
    assert (code, "The tables are as the entities say." in said) == (0, True)


def test_the_help_imports_no_command(tmp_path: Path) -> None:
    code, said = db(tmp_path, "--help")
    assert code == 0
    assert "Database migrations" in said
    for command in (
        "init",
        "migrate",
        "upgrade",
        "downgrade",
        "current",
        "history",
        "heads",
        "check",
        "stamp",
    ):
        assert f"\n  {command}" in said
