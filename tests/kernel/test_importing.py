"""Something is done about a library when it is imported, whoever imports it."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from pyfly.kernel.importing import when_imported


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = "pyfly_test_library"
    (tmp_path / f"{name}.py").write_text("ready = True\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    finders = list(sys.meta_path)
    yield name
    sys.modules.pop(name, None)
    assert sys.meta_path == finders


def test_the_action_runs_after_the_import_and_once(library: str) -> None:
    seen: list[bool] = []
    when_imported(library, lambda: seen.append(sys.modules[library].ready))
    assert seen == []
    import_module(library)
    import_module(library)
    assert seen == [True]


def test_an_imported_library_is_acted_upon_at_once(library: str) -> None:
    import_module(library)
    seen: list[str] = []
    when_imported(library, lambda: seen.append("now"))
    assert seen == ["now"]


def test_the_latest_action_replaces_the_one_before(library: str) -> None:
    seen: list[str] = []
    when_imported(library, lambda: seen.append("first"))
    when_imported(library, lambda: seen.append("second"))
    import_module(library)
    assert seen == ["second"]


def test_a_library_that_is_not_there_is_still_not_there() -> None:
    finders = list(sys.meta_path)
    when_imported("pyfly_no_such_library", lambda: pytest.fail("there is nothing to act upon"))
    with pytest.raises(ModuleNotFoundError, match="pyfly_no_such_library"):
        import_module("pyfly_no_such_library")
    assert sys.meta_path == finders
