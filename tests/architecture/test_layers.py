"""The import contracts of pyproject.toml hold, and no package escapes them."""

import tomllib

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import ROOT, top_level_packages


def test_all_import_contracts_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert result == 0, capsys.readouterr().out


def test_every_top_level_package_has_its_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = " ".join(settings["contracts"][0]["layers"]).split()
    named = {".".join(module.strip("()").split(".")[:2]) for module in layers if module not in {":", "|"}}
    assert named == set(top_level_packages())
