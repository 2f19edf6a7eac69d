import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.util import greenlet_spawn
from sqlalchemy.util.queue import Empty

from pyfly.data.relational.sqlalchemy.fair_queue import FairQueue


def waiting(queue: FairQueue, timeout: float | None = None) -> "asyncio.Task[Any]":
    return asyncio.ensure_future(greenlet_spawn(queue.get, True, timeout))


async def turns(number: int = 3) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_an_idle_item_is_taken_without_waiting() -> None:
    queue = FairQueue(2)
    queue.put_nowait("a")
    assert queue.get(False) == "a"
    with pytest.raises(Empty):
        queue.get(False)


async def test_who_has_waited_longest_is_served_and_nobody_comes_between() -> None:
    queue = FairQueue(2)
    first, second = waiting(queue), waiting(queue)
    await turns()
    queue.put_nowait("a")
    with pytest.raises(Empty):  # it is the first one's, who has not had a turn yet
        queue.get(False)
    queue.put_nowait("b")
    assert (await first, await second) == ("a", "b")


async def test_who_waits_too_long_is_told_and_takes_nothing_along() -> None:
    queue = FairQueue(2)
    with pytest.raises(Empty):
        await waiting(queue, 0)
    queue.put_nowait("a")
    assert queue.get(False) == "a"


@pytest.mark.parametrize("hand_over", [True, False], ids=["with the item", "before it"])
async def test_the_item_of_a_cancelled_waiter_goes_to_the_next(hand_over: bool) -> None:
    queue = FairQueue(2)
    first, second = waiting(queue), waiting(queue)
    await turns()
    steps: list[Callable[[], object]] = [first.cancel, lambda: queue.put_nowait("a")]
    for step in reversed(steps) if hand_over else steps:
        step()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == "a"
