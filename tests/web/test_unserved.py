"""Mappings whose class is no controller stop the start, and the report says which and what to do."""

from pathlib import Path

import pytest

from pyfly.core.failure import failure_report
from tests.faults.applications import written

PLAIN = """
from pyfly.web import get_mapping, request_mapping

@request_mapping("/things")  # here
class Things:
    @get_mapping()
    async def all(self) -> list[str]:
        return []
"""
SERVICE = """
from pyfly.container import service
from pyfly.web import get_mapping

@service  # here
class Things:
    @get_mapping("/things")
    async def all(self) -> list[str]:
        return []
"""
BASES = """
from typing import Generic, TypeVar
from pyfly.container import rest_controller
from pyfly.web import get_mapping

T = TypeVar("T")

class Readable:
    @get_mapping("/things")
    async def all(self) -> list[str]:
        return []

@rest_controller
class Things(Readable): ...

class Typed(Generic[T]):
    @get_mapping("/one")
    async def one(self) -> T: ...
"""


@pytest.mark.parametrize(
    ("code", "why", "fix"),
    [
        (PLAIN, "The class has no @rest_controller.", "Put @rest_controller above class Things"),
        (SERVICE, "The class is a @service.", "instead of @service"),
    ],
    ids=["plain", "service"],
)
async def test_a_class_with_mappings_that_is_no_controller_stops_the_start(
    tmp_path: Path, code: str, why: str, fix: str
) -> None:
    with written(tmp_path, code) as application:
        with pytest.raises(Exception, match="nothing serves them") as caught:
            await application.build().startup()
        report = failure_report(caught.value)
        place = application.place()
    for part in (place, "Things", "all", why, fix):
        assert part in report


async def test_bases_of_controllers_need_not_be_controllers(tmp_path: Path) -> None:
    with written(tmp_path, BASES) as application:
        app = application.build()
        await app.startup()
        await app.shutdown()
