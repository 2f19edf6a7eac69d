import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.cli.applications import application_of, behind
from pyfly.cli.targets import TargetError
from pyfly.core import PyFlyApplication, pyfly_application
from tests.cli.support import package

MAIN = """
from pyfly.core import PyFlyApplication, pyfly_application

@pyfly_application(name="found")
class Application: ...

application = PyFlyApplication(Application)
app = application.asgi()
number = 1
"""


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name in [each for each in sys.modules if each.partition(".")[0] in ("found", "bare")]:
        del sys.modules[name]


@pytest.mark.parametrize("target", [None, "found.main", "found.main:Application", "found.main:number"])
def test_the_application_is_found_by_whatever_pyfly_run_takes(target: str | None, tmp_path: Path) -> None:
    application = application_of(package(tmp_path, "found", MAIN), target)
    assert application is not None
    assert application.name == "found"


def test_a_folder_may_have_no_application(tmp_path: Path) -> None:
    assert application_of(tmp_path) is None


def test_another_kind_of_application_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"There is no PyFlyApplication behind bare\.main:app: int"):
        application_of(package(tmp_path, "bare", "app = 1"))


def test_an_application_is_found_behind_its_asgi_application() -> None:
    @pyfly_application(name="here")
    class Application: ...

    application = PyFlyApplication(Application)
    assert behind((1, application.asgi())) is application
    assert behind((1, "two")) is None
