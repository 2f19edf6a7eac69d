"""What fault tests share: a clean journal, restored logging, leak detection, one line per suite."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from tests.faults.applications import Holdings
from tests.faults.journal import JOURNAL

Tally = Callable[[int, int], None]


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    JOURNAL.clear()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
async def nothing_left() -> Any:
    """Fail the test when a task, a thread, a file or a socket is left that was not there before."""
    before = Holdings.now()
    yield
    assert Holdings.now().left(before) == []


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Record how many operations a case performed and how many faults it met."""

    def record(ops: int, faults: int) -> None:
        request.node.user_properties += [("ops", ops), ("faults", faults)]

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    suites: dict[str, dict[str, int]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            if "tests/faults/" in report.nodeid and report.when == "call":
                sums = suites.setdefault(report.nodeid.split("tests/faults/")[1].partition("[")[0], {})
                for name, number in [("cases", 1), (outcome, 1), *report.user_properties]:
                    sums[name] = sums.get(name, 0) + number
    if suites:
        terminalreporter.section("faults")
        for suite, sums in sorted(suites.items()):
            terminalreporter.write_line(f"{suite}: " + ", ".join(f"{n} {name}" for name, n in sums.items()))
