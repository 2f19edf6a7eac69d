"""The phases of start-up are those that the documentation lists."""

import re

import pytest

from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "architecture.md"
PHASES = re.compile(r"<!-- phases -->\n+```text\n(.*?)\n```", re.DOTALL)


def test_the_documented_phases_are_the_ones_that_run() -> None:
    if not PAGE.is_file():
        pytest.skip("docs/architecture.md is not written yet")
    from pyfly.context.startup import STARTUP

    found = PHASES.search(PAGE.read_text(encoding="utf-8"))
    assert found, (
        "docs/architecture.md has no list of phases: <!-- phases --> and a text block, one phase a line"
    )
    assert found[1].splitlines() == [phase.name for phase in STARTUP]
