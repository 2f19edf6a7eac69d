"""The bulkhead: never too many at once, in turn, and no slot is ever lost."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event, Lock
from typing import Any

import pytest

from pyfly.kernel.exceptions import BulkheadException
from pyfly.resilience import Bulkhead, bulkhead, deadline
from pyfly.testing import TestClock


async def test_a_full_one_refuses_at_once_and_a_released_slot_can_be_taken_again() -> None:
    wall = Bulkhead(max_concurrent=2)
    await wall.acquire()
    wall.acquire_sync()
    assert (wall.available_slots, wall.max_concurrent) == (0, 2)
    with pytest.raises(BulkheadException, match=r"Bulkhead at capacity \(2 concurrent calls\)"):
        await wall.acquire()
    wall.release()
    assert wall.available_slots == 1
    await wall.acquire()


def test_releasing_what_nobody_acquired_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="nobody had acquired"):
        Bulkhead().release()


@pytest.mark.parametrize(
    "decorate", [bulkhead(max_concurrent=1), bulkhead(Bulkhead(1))], ids=["settings", "object"]
)
async def test_the_slot_is_free_again_after_success_and_failure(decorate: Callable[[Any], Any]) -> None:
    @decorate
    async def call(fails: bool) -> str:
        if fails:
            raise ValueError
        return "done"

    for _ in range(3):
        assert await call(False) == "done"
        with pytest.raises(ValueError):
            await call(True)


async def test_those_who_wait_are_served_in_turn() -> None:
    wall, served = Bulkhead(1, max_wait="10s"), []

    @bulkhead(wall)
    async def call(number: int) -> None:
        served.append(number)
        await asyncio.sleep(0)

    await asyncio.gather(*(call(number) for number in range(20)))
    assert served == list(range(20))


async def test_who_waits_too_long_is_refused_and_leaves_the_line() -> None:
    clock = TestClock()
    wall = Bulkhead(1, max_wait="2s", clock=clock)
    await wall.acquire()
    waiting = asyncio.ensure_future(wall.acquire())
    await clock.elapse(1.9)
    assert wall.snapshot()["waiting"] == 1
    await clock.elapse(0.2)
    with pytest.raises(BulkheadException):
        await waiting
    assert wall.snapshot()["waiting"] == 0
    wall.release()
    assert wall.available_slots == 1


async def test_the_line_has_an_end() -> None:
    wall = Bulkhead(1, max_wait="10s", max_queue=1)
    await wall.acquire()
    waiting = asyncio.ensure_future(wall.acquire())
    await asyncio.sleep(0)
    with pytest.raises(BulkheadException):
        await wall.acquire()
    wall.release()
    await waiting


async def test_nobody_waits_beyond_the_deadline() -> None:
    clock = TestClock()
    wall = Bulkhead(1, max_wait="10s", clock=clock)
    await wall.acquire()
    with deadline("1s", clock):
        waiting = asyncio.ensure_future(wall.acquire())
        await clock.elapse(1)
        with pytest.raises(BulkheadException):
            await waiting


async def test_a_slot_handed_to_a_task_that_is_cancelled_then_goes_to_the_next() -> None:
    wall = Bulkhead(1, max_wait="10s")
    await wall.acquire()
    first, second = asyncio.ensure_future(wall.acquire()), asyncio.ensure_future(wall.acquire())
    await asyncio.sleep(0)
    wall.release()  # granted to the first, who does not know yet
    first.cancel()
    await asyncio.wait_for(second, 10)
    assert first.cancelled()
    assert wall.available_slots == 0
    wall.release()
    assert wall.available_slots == 1


def test_a_thread_that_waits_too_long_is_refused_and_one_that_does_not_gets_the_slot() -> None:
    wall = Bulkhead(1, max_wait="20ms")
    wall.acquire_sync()
    with pytest.raises(BulkheadException):
        wall.acquire_sync()
    patient = Bulkhead(1, max_wait="10s")
    patient.acquire_sync()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(patient.acquire_sync)
        while not patient.snapshot()["waiting"]:
            pass
        patient.release()
        waiting.result(5)


class Gauge:
    """How many are inside now, and how many were at most."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._lock = Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.now -= 1


@pytest.mark.timeout(120)
async def test_ten_thousand_calls_cancelled_anywhere_leak_no_slot() -> None:
    wall, gauge, random = Bulkhead(10, max_wait="60s"), Gauge(), Random(5)

    @bulkhead(wall)
    async def call(steps: int, fails: bool) -> None:
        with gauge:
            for _ in range(steps):
                await asyncio.sleep(0)
            if fails:
                raise ValueError

    async def cancelled_at(step: int) -> None:
        task = asyncio.ensure_future(call(random.randrange(4), random.random() < 0.3))
        for _ in range(step):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        _ = task.cancelled() or task.exception()

    for _ in range(50):
        await asyncio.gather(*(cancelled_at(random.randrange(12)) for _ in range(200)))
    assert gauge.most <= 10
    assert (wall.available_slots, wall.snapshot()["waiting"]) == (10, 0)


@pytest.mark.timeout(120)
async def test_threads_and_tasks_share_the_slots() -> None:
    wall, gauge = Bulkhead(10, max_wait="60s"), Gauge()
    pause = Event()

    @bulkhead(wall)
    async def in_task() -> None:
        with gauge:
            await asyncio.sleep(0)

    @bulkhead(wall)
    def in_thread() -> None:
        with gauge:
            pause.wait(0.0001)

    with ThreadPoolExecutor(30) as pool:
        loop = asyncio.get_running_loop()
        threads = [loop.run_in_executor(pool, in_thread) for _ in range(300)]
        await asyncio.gather(*(in_task() for _ in range(300)), *threads)
    assert gauge.most == 10
    assert wall.available_slots == 10


@pytest.mark.parametrize("wrong", [{"max_concurrent": 0}, {"max_queue": -1}, {"max_wait": -1}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Bulkhead(**wrong)
