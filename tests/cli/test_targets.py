import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.cli.targets import TargetError, discover, load, make_importable
from pyfly.core.config import Config
from tests.cli.support import package


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory; what is imported from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize("key", ["pyfly", ""])
def test_the_configured_module_is_found(folder: Path, key: str) -> None:
    inner = {"app": {"module": "shop.main:app"}}
    assert discover(Config({key: inner} if key else inner), folder) == "shop.main:app"


@pytest.mark.parametrize(
    "app", ["app = 1", "app: int = 1", "async def app(s, r, t): ...", "from os import path as app"]
)
@pytest.mark.parametrize("place", ["src", "."])
def test_else_the_only_main_module_with_an_app_is_found(folder: Path, place: str, app: str) -> None:
    package(folder / place, "shop", app)
    package(folder / place, "tools", "def main(): ...")
    package(folder / place, "mistaken", "app = = 1")
    assert discover(Config({}), folder) == "shop.main:app"


def test_several_applications_ask_for_a_choice(folder: Path) -> None:
    package(folder, "one", "app = 1")
    package(folder, "two", "app = 2")
    with pytest.raises(TargetError, match=r"one\.main:app, two\.main:app"):
        discover(Config({}), folder)


def test_nothing_is_found_where_nothing_is(folder: Path) -> None:
    assert discover(Config({}), folder) is None


def test_a_target_is_imported_from_the_folder_and_its_src(folder: Path) -> None:
    package(folder / "src", "cli_shop", "class A:\n    b = 5\napp = 6")
    make_importable(folder)
    assert load("cli_shop.main:A.b")[1] == 5
    assert load("cli_shop.main")[1] == 6


def test_a_factory_is_called_and_anything_that_needs_arguments_is_not(folder: Path) -> None:
    package(
        folder,
        "cli_made",
        "def make(): return 7\nasync def asgi(scope, receive, send): ...\ndef wsgi(e, s): ...",
    )
    make_importable(folder)
    assert load("cli_made.main:make")[1] == 7
    assert callable(load("cli_made.main:asgi")[1])
    assert callable(load("cli_made.main:wsgi")[1])


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("cli_none.main:app", "There is no module cli_none in"),
        ("cli_some.man:app", r"There is no module cli_some\.man in"),
        ("cli_some.main:ap", "Did you mean 'app'"),
    ],
)
def test_a_wrong_target_is_told_in_one_line(folder: Path, target: str, message: str) -> None:
    package(folder, "cli_some", "app = 1")
    make_importable(folder)
    with pytest.raises(TargetError, match=message):
        load(target)


def test_an_import_error_inside_the_application_is_its_own(folder: Path) -> None:
    package(folder, "cli_inner", "import no_such_library")
    make_importable(folder)
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        load("cli_inner.main:app")
