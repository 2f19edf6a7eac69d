from pathlib import Path

import pytest

from pyfly.cli import worker
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.asgi import LifespanApp, Message, Receive, Send
from tests.cli.support import BROKEN, package


@pyfly_application(name="worker-test")
class Application: ...


async def asgi(scope: Message, receive: Receive, send: Send) -> None: ...


def test_every_kind_of_application_becomes_an_asgi_one() -> None:
    assert isinstance(worker.asgi_of(Application), LifespanApp)
    assert isinstance(worker.asgi_of(PyFlyApplication(Application)), LifespanApp)
    assert worker.asgi_of(asgi) is asgi


def test_a_worker_that_cannot_import_its_application_ends_with_the_code_of_a_failed_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package(tmp_path, "broken", BROKEN + "\nraise LookupError('gone')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("_PYFLY_RUN_TARGET", "broken.main:app")
    with pytest.raises(SystemExit) as end:
        _ = worker.app
    assert end.value.code == 3
    assert "gone" in capsys.readouterr().err
