from pathlib import Path

import pytest

from pyfly.cli.processes import serve_reloading
from pyfly.web.properties import WebProperties


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, object]]:
    """What uvicorn's supervisor is asked for; nothing is started."""
    found: list[dict[str, object]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("_PYFLY_RUN_TARGET", "")
    monkeypatch.setattr(
        "pyfly.web.adapters.uvicorn.processes.serve_import_string",
        lambda target, **options: found.append({"target": target, **options}),
    )
    return found


def test_the_properties_reach_the_supervisor(asked: list[dict[str, object]], tmp_path: Path) -> None:
    serve_reloading("shop.main:app", WebProperties(port=5))
    (found,) = asked
    assert (found["target"], found["port"], found["reload_dirs"]) == (
        "pyfly.cli.worker:app",
        5,
        (str(tmp_path),),
    )


def test_only_sources_are_watched(asked: list[dict[str, object]], tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    serve_reloading("shop.main:app", WebProperties())
    assert asked[0]["reload_dirs"] == (str(tmp_path / "src"),)
