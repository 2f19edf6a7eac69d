import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from pyfly.data.hooks import Leak, LeakHook
from pyfly.data.relational.properties import PoolProperties
from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.data.relational.sqlalchemy.holders import Holders
from pyfly.data.relational.sqlalchemy.leaks import LeakWatch
from pyfly.testing import TestClock


def test_a_connection_that_is_held_too_long_is_reported_with_the_code_that_took_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, connection = TestClock(), object()
    holders = Holders(clock)
    watch = LeakWatch("default", holders, timedelta(seconds=30))
    holders.taken(None, connection, None)
    clock.advance(timedelta(seconds=31))
    assert watch.look() == 1
    assert watch.look() == 0
    assert "more than 30 s" in caplog.text
    assert "test_leaks.py" in caplog.text


class Failing(LeakHook):
    def leaked(self, leak: Leak) -> None:
        raise ValueError(leak)


def test_a_hook_that_fails_costs_no_other_its_turn(caplog: pytest.LogCaptureFixture) -> None:
    clock, connection, other = TestClock(), object(), LeakHook()
    holders = Holders(clock)
    watch = LeakWatch("default", holders, timedelta(seconds=30))
    watch.tell([Failing(), other])
    holders.taken(None, connection, None)
    clock.advance(timedelta(seconds=31))
    assert watch.look() == 1
    assert other.count == 1
    assert "Failing failed when it was told" in caplog.text


async def test_a_data_source_watches_from_its_start_to_its_stop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pool = PoolProperties(leak_threshold=timedelta(milliseconds=20))
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool=pool)
    await source.start()
    async with source.engine.connect():
        async with asyncio.timeout(5):
            while "has been in use" not in caplog.text:  # noqa: ASYNC110  # a log has no event to wait for
                await asyncio.sleep(0.005)
    await source.stop()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("pyfly-leaks")]


async def test_without_a_threshold_nobody_watches(tmp_path: Path) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db")
    await source.start()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("pyfly-leaks")]
    await source.stop()
