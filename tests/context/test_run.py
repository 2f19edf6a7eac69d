"""What the phases of one life share."""

import pytest

from pyfly.container import Container
from pyfly.context import ApplicationEventBus, Environment, StartupReport
from pyfly.context.run import Run
from pyfly.core.config import Config


def test_a_phase_is_timed_even_when_it_fails() -> None:
    config = Config({})
    report = StartupReport()
    run = Run(config, Environment(config), Container(), ApplicationEventBus(), report)
    with pytest.raises(OSError, match="no"), run.timed("scan"):
        raise OSError("no")
    assert [each.name for each in report.phases] == ["scan"]
