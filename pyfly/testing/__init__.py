"""Tests of applications: start one without touching anything else, override its beans, move its time.

Everything here needs the base dependencies only. The pytest plugin, which offers the fixture
``pyfly_app``, is in :mod:`pyfly.testing.pytest_plugin` and is found by pytest on its own.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.testing.application import PyFlyTest as PyFlyTest
    from pyfly.testing.application import check_application as check_application
    from pyfly.testing.applications import ApplicationCache as ApplicationCache
    from pyfly.testing.applications import ApplicationSpec as ApplicationSpec
    from pyfly.testing.assertions import assert_event_published as assert_event_published
    from pyfly.testing.assertions import assert_no_events_published as assert_no_events_published
    from pyfly.testing.clock import TestClock as TestClock
    from pyfly.testing.containers import create_test_container as create_test_container
    from pyfly.testing.events import RecordedEvents as RecordedEvents
    from pyfly.testing.fixtures import PyFlyTestCase as PyFlyTestCase
    from pyfly.testing.overlay import Override as Override
    from pyfly.testing.overlay import OverrideError as OverrideError

__all__ = [
    "ApplicationCache",
    "ApplicationSpec",
    "Override",
    "OverrideError",
    "PyFlyTest",
    "PyFlyTestCase",
    "RecordedEvents",
    "TestClock",
    "assert_event_published",
    "assert_no_events_published",
    "check_application",
    "create_test_container",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ApplicationCache": "pyfly.testing.applications",
        "ApplicationSpec": "pyfly.testing.applications",
        "Override": "pyfly.testing.overlay",
        "OverrideError": "pyfly.testing.overlay",
        "PyFlyTest": "pyfly.testing.application",
        "PyFlyTestCase": "pyfly.testing.fixtures",
        "RecordedEvents": "pyfly.testing.events",
        "TestClock": "pyfly.testing.clock",
        "assert_event_published": "pyfly.testing.assertions",
        "assert_no_events_published": "pyfly.testing.assertions",
        "check_application": "pyfly.testing.application",
        "create_test_container": "pyfly.testing.containers",
    },
)
