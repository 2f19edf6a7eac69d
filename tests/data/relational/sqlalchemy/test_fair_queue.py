import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.util import greenlet_spawn
from sqlalchemy.util.queue import Empty

from pyfly.data.relational.sqlalchemy.fair_queue import FairQueue
from pyfly.data.relational.sqlalchemy.waiting import PLACE, Waiting


def waiting(queue: FairQueue, timeout: float | None = None) -> "asyncio.Task[Any]":
    return asyncio.ensure_future(greenlet_spawn(queue.get, True, timeout))


async def turns(number: int = 3) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_an_idle_item_is_taken_without_waiting() -> None:
    queue = FairQueue(Waiting(), 2)
    queue.put_nowait("a")
    assert queue.get(False) == "a"
    with pytest.raises(Empty):
        queue.get(False)


async def test_who_has_waited_longest_is_served_and_nobody_comes_between() -> None:
    queue = FairQueue(Waiting(), 2)
    first, second = waiting(queue), waiting(queue)
    await turns()
    queue.put_nowait("a")
    with pytest.raises(Empty):  # it is the first one's, who has not had a turn yet
        queue.get(False)
    queue.put_nowait("b")
    assert (await first, await second) == ("a", "b")


async def test_who_waits_too_long_is_told_and_takes_nothing_along() -> None:
    queue = FairQueue(Waiting(), 2)
    with pytest.raises(Empty):
        await waiting(queue, 0)
    queue.put_nowait("a")
    assert queue.get(False) == "a"


@pytest.mark.parametrize("hand_over", [True, False], ids=["with the item", "before it"])
async def test_the_item_of_a_cancelled_waiter_goes_to_the_next(hand_over: bool) -> None:
    queue = FairQueue(Waiting(), 2)
    first, second = waiting(queue), waiting(queue)
    await turns()
    steps: list[Callable[[], object]] = [first.cancel, lambda: queue.put_nowait("a")]
    for step in reversed(steps) if hand_over else steps:
        step()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == "a"


async def test_those_who_gave_up_are_forgotten_at_once() -> None:
    queue = FairQueue(Waiting(), 2)
    expired, cancelled = waiting(queue, 0), waiting(queue)
    await turns()
    cancelled.cancel()
    for each in (expired, cancelled):
        with pytest.raises((Empty, asyncio.CancelledError)):
            await each
    assert not any(kept for kept in vars(queue).values() if isinstance(kept, deque))


async def test_who_waits_is_counted_and_who_finds_an_item_is_not() -> None:
    count = Waiting()
    queue = FairQueue(count, 2)
    first = waiting(queue)
    await turns()
    assert count.now == 1
    queue.put_nowait("a")
    assert await first == "a"
    queue.put_nowait("b")
    assert (queue.get(True), count.now) == ("b", 0)


async def test_a_place_goes_to_who_has_waited_longest_and_to_nobody_if_nobody_waits() -> None:
    queue = FairQueue(Waiting(), 2)
    assert not queue.yield_place()
    first, second = waiting(queue), waiting(queue)
    await turns()
    assert queue.yield_place()
    assert await first is PLACE
    assert not second.done()
    second.cancel()
