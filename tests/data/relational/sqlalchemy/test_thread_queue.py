import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.util.queue import Empty

from pyfly.data.relational.sqlalchemy.thread_queue import ThreadQueue
from pyfly.data.relational.sqlalchemy.waiting import PLACE, Waiting


def waiting(threads: ThreadPoolExecutor, queue: ThreadQueue, count: Waiting) -> "Future[Any]":
    """Have a thread wait for an item, and return when it does."""
    before, future = count.now, threads.submit(queue.get, True, 10)
    while count.now == before:
        threading.Event().wait(0)
    return future


def test_an_idle_item_is_taken_without_waiting() -> None:
    queue = ThreadQueue(Waiting(), 2)
    queue.put("a")
    assert queue.get(True) == "a"
    with pytest.raises(Empty):
        queue.get(False)


def test_who_waits_is_counted_until_there_is_an_item() -> None:
    count = Waiting()
    queue = ThreadQueue(count, 2)
    with ThreadPoolExecutor() as threads:
        found = waiting(threads, queue, count)
        queue.put("a")
        assert found.result(10) == "a"
    assert count.now == 0


def test_a_place_goes_to_one_who_waits_and_to_nobody_if_nobody_waits() -> None:
    count = Waiting()
    queue = ThreadQueue(count, 2)
    assert not queue.yield_place()
    with ThreadPoolExecutor() as threads:
        found = waiting(threads, queue, count)
        assert queue.yield_place()
        assert found.result(10) is PLACE
    assert not queue.yield_place()
