"""What is kept about a start, as text."""

from pyfly.context import StartupReport
from pyfly.context.report import PhaseTiming


def test_decisions_are_shown_with_what_matched_first() -> None:
    report = StartupReport()
    report.decided("Cache", "OnClass", "module redis is not installed", matched=False)
    report.decided("Web", "OnBean", "there is a controller", matched=True)
    assert report.render_conditions() == (
        "Matched:\n"
        "    Web: there is a controller\n"
        "\n"
        "Did not match:\n"
        "    Cache: module redis is not installed\n"
    )


def test_phases_are_shown_in_milliseconds() -> None:
    report = StartupReport()
    report.phases += [PhaseTiming("scan", 0.0015), PhaseTiming("start", 0.25)]
    assert report.render_phases() == "     1.50 ms  scan\n   250.00 ms  start\n"
    assert report.seconds == 0.2515
