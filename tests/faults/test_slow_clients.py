"""T21: clients that are slow on purpose are given up in time, and the others do not notice."""

import asyncio
import os
import time

import pytest

from tests.faults.conftest import Tally
from tests.faults.crawlers import WAYS, End, Setting, crawl
from tests.faults.processes import running
from tests.faults.processors import take_precedence
from tests.faults.steady import Good, p99, steadily
from tests.servers.process import free_port
from tests.web.served import eventually

pytestmark = pytest.mark.timed

TOLERANCE = 1.0


async def run(setting: Setting, rate: int, idle: float) -> tuple[list[Good], list[Good], list[End]]:
    """Return good requests without and with slow clients, and how those ended."""
    limit = f"{setting.limit}s"
    half = f"{setting.limit / 2}s"
    names = ("header-timeout", "body-timeout", "write-timeout", "keep-alive")
    settings = {
        "access-log.enabled": "false",
        **{f"connections.{name}": limit for name in names},
        "connections.body-rate": "1MB",
        "websocket.ping-interval": half,
        "websocket.ping-timeout": half,
    }
    port = free_port()
    async with running("tests.faults.slow_app", port, settings, "/hello") as process:
        take_precedence(process.pid, processor=0)
        descriptors = _descriptors(process.pid)
        async with steadily(port, process.pid, "/hello", rate=rate) as good:
            began = time.monotonic()
            await asyncio.sleep(idle)
            crowded = time.monotonic()
            ends = await crawl(port, process.pid, setting)
            ended = time.monotonic()
        await eventually(lambda: _descriptors(process.pid) <= descriptors)
    return good.between(began, crowded), good.between(crowded, ended), ends


def _descriptors(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208  # names are enough


def check(setting: Setting, idle: list[Good], busy: list[Good], ends: list[End]) -> None:
    ways = {way.name: way for way in WAYS}
    wrong = [
        end
        for end in ends
        if end.took < setting.limit * 0.9
        or end.late > TOLERANCE
        or not any(map(end.answer.startswith, ways[end.way].answers))
    ]
    assert not wrong, wrong[:20]
    assert len(ends) == setting.slow * setting.rounds
    assert not [each for each in (*idle, *busy) if each.wrong]


async def test_slow_clients_are_given_up_and_good_ones_served(tally: Tally) -> None:
    setting = Setting(slow=4 * len(WAYS), rounds=1, within=0.2, every=0.05, limit=0.6)
    idle, busy, ends = await run(setting, 50, 0.2)
    check(setting, idle, busy, ends)
    tally(len(busy), len(ends))


@pytest.mark.nightly
@pytest.mark.timeout(120)
async def test_a_thousand_slow_clients_do_not_slow_good_ones_down(tally: Tally) -> None:
    setting = Setting(slow=1000, rounds=3, within=8, every=5, limit=10)
    idle, busy, ends = await run(setting, 100, 10)
    tally(len(busy), len(ends))
    check(setting, idle, busy, ends)
    assert p99(busy) <= 2 * p99(idle), (p99(idle), p99(busy))
