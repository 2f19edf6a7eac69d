"""Deadlines: what is left is handed on, and never grows."""

import asyncio

import pytest

from pyfly.kernel.exceptions import OperationTimeoutException
from pyfly.resilience import Deadline, deadline
from pyfly.resilience.deadline import remaining_or
from pyfly.testing import TestClock


def test_outside_of_any_there_is_none() -> None:
    assert Deadline.current() is None
    assert remaining_or(7.0) == 7.0


def test_what_is_left_shrinks_with_time_and_ends_at_zero() -> None:
    clock = TestClock()
    with deadline("3s", clock) as limit:
        assert Deadline.current() is limit
        clock.advance(2)
        limit.check()
        assert (limit.remaining(), remaining_or(5), remaining_or(0.5)) == (1.0, 1.0, 0.5)
        clock.advance(2)
        assert (limit.remaining(), limit.expired) == (0.0, True)
        with pytest.raises(OperationTimeoutException):
            limit.check()
    assert Deadline.current() is None


@pytest.mark.parametrize(("inner", "left"), [("1s", 1.0), ("60s", 5.0)])
def test_an_inner_one_is_never_longer_than_the_outer(inner: str, left: float) -> None:
    clock = TestClock()
    with deadline("5s", clock):
        with deadline(inner, clock) as limit:
            assert limit.remaining() == left
        outer = Deadline.current()
        assert outer is not None
        assert outer.remaining() == 5.0


async def test_tasks_and_threads_that_are_started_inside_know_it() -> None:
    async def left() -> float:
        return remaining_or(100)

    clock = TestClock()
    with deadline("5s", clock):
        task = asyncio.ensure_future(left())
        in_thread = await asyncio.to_thread(remaining_or, 100)
    assert (await task, in_thread, await left()) == (5.0, 5.0, 100)


def test_one_can_be_made_without_making_it_current() -> None:
    clock = TestClock()
    limit = Deadline.after("1m", clock)
    clock.advance(59)
    assert limit.remaining() == 1.0
    assert repr(limit) == "<Deadline in 1 s>"
    assert Deadline.current() is None
