import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pyfly.kernel import Clock
from pyfly.testing import TestClock


def test_the_clock_stands_still_until_it_is_moved() -> None:
    clock: Clock = TestClock(datetime(2026, 12, 24, 18, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == datetime(2026, 12, 24, 16, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    before = clock.monotonic()
    assert isinstance(clock, TestClock)
    clock.advance(1.5)
    clock.advance(timedelta(seconds=2))
    assert clock.monotonic() - before == 3.5
    assert clock.now() == datetime(2026, 12, 24, 16, 0, 3, 500_000, tzinfo=UTC)


async def test_sleepers_are_woken_in_the_order_of_their_time() -> None:
    clock, woken = TestClock(), []

    async def sleep(seconds: float, name: str) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    async with asyncio.TaskGroup() as tasks:
        for seconds, name in ((3, "late"), (1, "early"), (1, "early too"), (9, "last")):
            tasks.create_task(sleep(seconds, name))
        await asyncio.sleep(0)
        clock.advance(0.5)
        await asyncio.sleep(0)
        assert (woken, clock.sleepers) == ([], 4)
        clock.advance(3)
        await asyncio.sleep(0)
        assert (woken, clock.sleepers) == (["early", "early too", "late"], 1)
        clock.advance(6)
    assert woken[-1] == "last"


async def test_elapsing_time_runs_a_loop_as_often_as_it_would() -> None:
    clock, ticks = TestClock(), []

    async def tick() -> None:
        while True:
            await clock.sleep(10)
            ticks.append(clock.monotonic())

    task = asyncio.create_task(tick())
    await clock.elapse(35)
    assert (ticks, clock.monotonic()) == ([10, 20, 30], 35)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await clock.elapse(10)
    assert len(ticks) == 3


async def test_sleeping_for_no_time_only_lets_others_run() -> None:
    clock, ran = TestClock(), asyncio.Event()
    asyncio.get_running_loop().call_soon(ran.set)
    await clock.sleep(0)
    assert ran.is_set()
    await clock.sleep(-1)
    assert clock.monotonic() == 0


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = TestClock()
    task = asyncio.create_task(clock.sleep(1))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert clock.sleepers == 0
    clock.advance(2)


async def test_a_sleeper_in_another_thread_is_woken_too() -> None:
    clock, asleep, seen = TestClock(), threading.Event(), []

    async def sleep() -> None:
        asyncio.get_running_loop().call_soon(asleep.set)
        await clock.sleep(60)
        seen.append(clock.monotonic())

    thread = threading.Thread(target=lambda: asyncio.run(sleep()))
    thread.start()
    await asyncio.to_thread(asleep.wait)
    clock.advance(60)
    await asyncio.to_thread(thread.join)
    assert seen == [60]


def test_time_does_not_go_back_and_has_a_zone() -> None:
    with pytest.raises(ValueError, match="does not go back"):
        TestClock().advance(-1)
    with pytest.raises(ValueError, match="no time zone"):
        TestClock(datetime(2026, 1, 1))  # noqa: DTZ001  # that is the mistake
