"""structlog costs nothing until the program imports it, and then writes like everybody else."""

import subprocess
import sys

PROGRAM = """
import sys
from pyfly.core import Config
from pyfly.logging.event_logger import EventLogger
from pyfly.logging.structlog_adapter import StructlogAdapter

StructlogAdapter().configure(Config({"pyfly": {"logging": {"format": "json"}}}))
EventLogger("shop").info("opened", tills=3)
EventLogger("shop").debug("not shown")
assert "structlog" not in sys.modules
import structlog

with structlog.contextvars.bound_contextvars(request_id="r1"):
    structlog.get_logger("shop").info("order placed", order=5)
    EventLogger("shop").error("closed", why="late")
"""


FIRST_THE_ADAPTER = """
from pyfly.core import Config
from pyfly.logging.structlog_adapter import StructlogAdapter

adapter = StructlogAdapter()
adapter.configure(Config({"pyfly": {"logging": {"format": "json"}}}))
adapter.get_logger("shop").info("order placed", order=5)
"""


def test_a_logger_of_the_adapter_brings_structlog_along() -> None:
    said = subprocess.run(
        [sys.executable, "-c", FIRST_THE_ADAPTER], check=True, capture_output=True, text=True, timeout=30
    ).stdout
    assert '"event": "order placed"' in said
    assert '"order": 5' in said


def test_own_events_need_no_structlog_and_a_later_import_finds_it_configured() -> None:
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, timeout=30
    ).stdout
    lines = said.splitlines()
    assert ['"event": "opened"' in lines[0], '"tills": 3' in lines[0], '"logger": "shop"' in lines[0]] == [
        True
    ] * 3
    assert '"order": 5' in lines[1]
    assert '"request_id": "r1"' in lines[1]
    assert [
        '"why": "late"' in lines[2],
        '"request_id": "r1"' in lines[2],
        '"level": "error"' in lines[2],
    ] == [True] * 3
    assert len(lines) == 3
