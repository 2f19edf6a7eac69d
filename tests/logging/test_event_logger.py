"""The framework's own logger writes events with fields over the standard library."""

import json
import logging

import pytest

from pyfly.logging.event_logger import EventLogger
from tests.logging.conftest import Configure

Capture = pytest.CaptureFixture[str]


def test_fields_reach_the_line_and_levels_hold(configure: Configure, capsys: Capture) -> None:
    configure(format="json", level={"root": "INFO"})
    log = EventLogger("shop")
    log.debug("quiet", tills=1)
    log.info("opened", tills=2)
    log.error("closed", why="late")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [("info", "opened"), ("error", "closed")]
    assert (lines[0]["tills"], lines[1]["why"], lines[0]["logger"]) == (2, "late", "shop")


def test_the_record_names_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "shop"):
        EventLogger("shop").info("opened")
    assert caplog.records[0].funcName == "test_the_record_names_the_caller"
