"""Auto-configurations are found by name, those of other packages through entry points."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from pyfly.config.discovery import BUILT_IN, ENTRY_POINT_GROUP, auto_configuration_classes
from pyfly.context.selection import is_auto_configuration, qualified
from tests.architecture.source import PYFLY

MODULE = """
from pyfly.context import auto_configuration

@auto_configuration
class {name}: ...

@auto_configuration
class {name}Too: ...

class Plain: ...
"""


def install(folder: Path, distribution: str, text: str) -> None:
    info = folder / f"{distribution}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(text)


def names() -> list[str]:
    return [qualified(each) for each in auto_configuration_classes()]


def test_an_installed_package_joins_with_a_module_or_with_one_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "joining_whole.py").write_text(MODULE.format(name="Whole"))
    (tmp_path / "joining_one.py").write_text(MODULE.format(name="One"))
    install(
        tmp_path,
        "joining",
        "[console_scripts]\nother = joining_whole:main\n\n"
        f"[{ENTRY_POINT_GROUP}]\n# a comment\nwhole = joining_whole\none = joining_one:One [extra]\n",
    )
    install(tmp_path, "unrelated", "[console_scripts]\nx = nothing:main\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = names()
    assert [each for each in found if each.startswith("joining")] == [
        "joining_whole.Whole",
        "joining_whole.WholeToo",
        "joining_one.One",
    ]
    assert sys.modules["joining_one"].OneToo.__name__ == "OneToo"
    installed = {each.value for each in entry_points(group=ENTRY_POINT_GROUP, name="whole")}
    assert installed == {"joining_whole"}


def test_a_joining_module_that_cannot_be_imported_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "vanished", f"[{ENTRY_POINT_GROUP}]\ngone = a_module_that_vanished\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_module_that_vanished"):
        auto_configuration_classes()


def test_every_auto_configuration_of_the_framework_is_reachable() -> None:
    written = {
        "pyfly." + ".".join(path.relative_to(PYFLY).with_suffix("").parts)
        for path in PYFLY.rglob("auto_configuration.py")
    }
    assert set(BUILT_IN) == written
    assert {each.rpartition(".")[0] for each in names()} >= written
    assert all(is_auto_configuration(each) for each in auto_configuration_classes())


def test_folders_that_do_not_exist_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, "/a/folder/that/does/not/exist"])
    assert names()


def test_what_nobody_imports_and_no_key_asks_for_is_not_even_loaded() -> None:
    program = """
import subprocess
import sys
from pyfly.config.discovery import auto_configuration_classes
from pyfly.core.config import Config
found = {each.__module__ for each in auto_configuration_classes(Config({}))}
assert not any(each.startswith("pyfly.") for each in found), found
asked = {each.__module__ for each in auto_configuration_classes(Config({"pyfly": {"data": {"url": "sqlite://"}}}))}
assert "pyfly.data.relational.auto_configuration" in asked, asked
import pyfly.web
used = {each.__module__ for each in auto_configuration_classes(Config({"pyfly": {"web": {"enabled": "auto"}}}))}
assert {"pyfly.web.auto_configuration", "pyfly.actuator.auto_configuration"} <= used, used
assert "pyfly.eda.auto_configuration" not in used | set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
