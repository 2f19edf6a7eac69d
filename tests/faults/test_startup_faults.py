"""Every seeded fault stops the start with a report of cause, place and remedy, and leaves nothing behind."""

from pathlib import Path

import pytest

from pyfly.core.failure import failure_report
from tests.faults.applications import written
from tests.faults.conftest import Tally
from tests.faults.fault_rows import Fault
from tests.faults.journal import ACTS, JOURNAL
from tests.faults.start_faults import CONFIGURATION, RUNNING
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


async def _report_of(fault: Fault, build: object, capsys: pytest.CaptureFixture[str]) -> str:
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
