from pathlib import Path

import pytest

from pyfly.cli.processes import serve_in_processes
from pyfly.web.properties import WebProperties


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, object]]:
    """What uvicorn's supervisor is asked for; nothing is started. The first worker fails when asked for seven."""
    asked: list[dict[str, object]] = []

    def serve(target: str, **options: object) -> None:
        asked.append({"target": target, **options})
        if options["workers"] == 7:
            from pyfly.cli.worker import mark_failed

            mark_failed()

    monkeypatch.chdir(tmp_path)
    for name in ("_PYFLY_RUN_TARGET", "_PYFLY_START_FAILED"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr("pyfly.web.adapters.uvicorn.processes.serve_import_string", serve)
    return asked


def test_the_properties_reach_the_supervisor(supervisor: list[dict[str, object]]) -> None:
    serve_in_processes("shop.main:app", WebProperties(port=5), workers=3, reload=False)
    (asked,) = supervisor
    assert (asked["target"], asked["port"], asked["workers"]) == ("pyfly.cli.worker:app", 5, 3)


def test_only_sources_are_watched(supervisor: list[dict[str, object]], tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    serve_in_processes("shop.main:app", WebProperties(), workers=1, reload=True)
    assert supervisor[0]["reload_dirs"] == (str(tmp_path / "src"),)


def test_a_worker_that_could_not_start_is_a_failure_of_the_whole(supervisor: list[dict[str, object]]) -> None:
    with pytest.raises(SystemExit):
        serve_in_processes("shop.main:app", WebProperties(), workers=7, reload=False)
