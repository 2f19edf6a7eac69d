from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pyfly.cli.main import cli
from tests.cli.test_wizard import Prompts


def new(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["new", *arguments])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_project_is_created_and_the_next_steps_are_shown(folder: Path) -> None:
    result = new("order-service", "--archetype", "web-api")
    assert result.exit_code == 0
    for text in (
        "order-service",
        "item_controller.py",
        "Next steps",
        "pip install",
        "pyfly run",
        "Swagger UI",
    ):
        assert text in result.output
    assert (folder / "order-service/src/order_service/main.py").is_file()


def test_the_folder_can_be_chosen(folder: Path) -> None:
    (folder / "projects").mkdir()
    assert new("shop", "--directory", "projects").exit_code == 0
    assert (folder / "projects/shop/pyfly.yaml").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["123-service"], "not a project name"),
        (["class"], "keyword"),
        (["test"], "conflicts"),
        (["shop", "--features", "web,postgresql"], "Unknown features: postgresql"),
        (["shop", "--features", "cache"], "Not available yet: cache"),
        (["shop", "--archetype", "monolith"], "Invalid value for '--archetype'"),
        (["shop", "--directory", "absent"], "does not exist"),
        (["../shop"], "not a project name"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_told_in_one_line_and_nothing_is_written(
    folder: Path, arguments: list[str], message: str
) -> None:
    result = new(*arguments)
    assert result.exit_code != 0
    assert message in result.output.splitlines()[-1]
    assert list(folder.iterdir()) == []


def test_an_existing_folder_is_refused(folder: Path) -> None:
    (folder / "shop").mkdir()
    assert (new("shop").exit_code, list((folder / "shop").iterdir())) == (1, [])


def test_without_a_name_the_questions_are_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyfly.cli.new.questionary", Prompts("shop", "store", "core", [], True))
    assert new().exit_code == 0
    assert (folder / "shop/src/store/app.py").is_file()


@pytest.mark.parametrize(
    "answers",
    [("shop", "store", "core", [], False), (KeyboardInterrupt(),), ("shop", EOFError())],
    ids=["not confirmed", "interrupted", "end of input"],
)
def test_who_leaves_the_questions_gets_nothing_and_no_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[object, ...]
) -> None:
    monkeypatch.setattr("pyfly.cli.new.questionary", Prompts(*answers))
    assert new().exit_code == 0
    assert list(folder.iterdir()) == []


def test_names_from_the_questions_are_checked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyfly.cli.new.questionary", Prompts("shop", "../../x", "core", [], True))
    assert new().exit_code == 1
    assert list(folder.iterdir()) == []
