"""Every seeded fault stops the start with a report of cause, place and remedy, and leaves nothing behind."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from pyfly.core import PyFlyApplication
from pyfly.core.failure import failure_report
from tests.faults.adapters import ADAPTERS
from tests.faults.applications import Holdings, Written, written
from tests.faults.conftest import Tally
from tests.faults.fault_rows import Fault
from tests.faults.journal import ACTS, JOURNAL
from tests.faults.reading_faults import CONFIGURATION
from tests.faults.running_faults import RUNNING
from tests.faults.wiring_faults import WIRING

pytestmark = pytest.mark.timeout(20)
FAULTS = [*WIRING, *CONFIGURATION, *RUNNING]


def test_there_are_enough_faults_of_each_kind() -> None:
    assert min(len(WIRING), len(CONFIGURATION), len(RUNNING)) >= 13
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
async def test_a_faulty_start_is_explained_and_undone(
    fault: Fault,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tally: Tally,
) -> None:
    for variable, value in fault.environment:
        monkeypatch.setenv(variable, value)
    if fault.arm is not None:
        place, bean, act = fault.arm
        JOURNAL.arm(place, bean, ACTS[act])
    with written(tmp_path, fault.module, fault.file) as application:
        report = await _report_of(fault, application.build, capsys)
        expected_place = fault.place or application.place()
    for part in (*fault.says, expected_place):
        assert part in report, report
    assert "hunter2" not in report
    started = JOURNAL.names("started")
    assert len(started) == fault.started
    assert JOURNAL.names("stopped") == started[::-1]
    tally(len(JOURNAL.lines), 1)


SERVED = """
from pyfly.web import get_mapping
@rest_controller
class Orders:
    @get_mapping("/orders")
    async def all(self) -> int:
        return 1
"""


def test_a_port_in_use_is_explained_and_the_start_undone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        fault = Fault("port in use", SERVED, f"  web:\n    host: 127.0.0.1\n    port: {port}\n")
        with written(tmp_path, fault.module, fault.file) as application:
            _refused_run(application)  # lets libraries open what they keep for the whole process
            before = Holdings.now()
            capsys.readouterr()
            JOURNAL.clear()
            code = _refused_run(application)
            assert Holdings.now().left(before) == []
    report = capsys.readouterr().err
    for part in ("cannot listen on 127.0.0.1", f"is listening on port {port}", "pyfly.web.port"):
        assert part in report, report
    assert code == 1
    assert JOURNAL.names("started") == ADAPTERS
    assert JOURNAL.names("stopped") == ADAPTERS[::-1]


def _refused_run(application: Written) -> object:
    app = application.build()
    with pytest.raises(SystemExit) as ended:
        app.run()
    return ended.value.code


async def _report_of(
    fault: Fault, build: Callable[[], PyFlyApplication], capsys: pytest.CaptureFixture[str]
) -> str:
    if fault.before_boot:
        with pytest.raises((ValueError, ImportError)) as unread:
            build()
        return failure_report(unread.value)
    app = build()
    with pytest.raises(Exception) as failed:
        await app.startup()
    printed = capsys.readouterr().err
    assert printed.strip() == failure_report(failed.value).strip()
    return printed
