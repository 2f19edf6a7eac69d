"""Time limits: the caller is free in time, whatever the call does, and nothing else counts as a time-out."""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest

from pyfly.kernel.exceptions import OperationTimeoutException
from pyfly.resilience import Deadline, TimeLimiter, deadline, time_limiter
from pyfly.testing import TestClock

pytestmark = pytest.mark.timed

LIMIT = timedelta(milliseconds=50)
TOLERANCE = 0.05


@contextmanager
def measured(took: list[float]) -> Iterator[None]:
    """Note how long the block takes without the tracing of coverage, which would be measured instead."""
    trace, began = sys.gettrace(), perf_counter()
    sys.settrace(None)
    try:
        yield
    finally:
        took.append(perf_counter() - began)
        sys.settrace(trace)


def in_time(took: list[float]) -> bool:
    """Say whether the best of some tries kept the promise: the others may have met a busy machine."""
    return min(took) <= LIMIT.total_seconds() + TOLERANCE


async def test_a_call_in_time_returns_and_its_errors_pass_through() -> None:
    @time_limiter(timedelta(seconds=5))
    async def call(value: int) -> int:
        if value < 0:
            raise ValueError(value)
        return value

    assert await call(3) == 3
    with pytest.raises(ValueError, match="-1"):
        await call(-1)


async def test_a_late_call_is_cancelled_and_the_error_names_the_function() -> None:
    cancelled = False

    @time_limiter(LIMIT)
    async def slow_query() -> None:
        nonlocal cancelled
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled = True
            raise

    with pytest.raises(OperationTimeoutException, match=r"slow_query exceeded timeout of 0\.05s"):
        await slow_query()
    assert cancelled


async def test_a_time_out_of_the_function_itself_is_not_taken_for_one_of_the_limiter() -> None:
    @time_limiter(timedelta(seconds=5))
    async def call() -> None:
        raise TimeoutError("mine")

    with pytest.raises(TimeoutError, match="mine"):
        await call()


async def _swallows(release: asyncio.Event) -> str:
    while not release.is_set():
        with suppress(asyncio.CancelledError):
            await release.wait()
    return "late"


async def _shields(release: asyncio.Event) -> str:
    await asyncio.shield(asyncio.ensure_future(release.wait()))
    return "late"


@pytest.mark.parametrize(
    ("call", "runs_away"), [(_swallows, True), (_shields, False)], ids=["swallows", "shields"]
)
async def test_the_caller_is_free_in_time_whatever_the_call_does(
    call: Callable[[asyncio.Event], Awaitable[str]], runs_away: bool, caplog: pytest.LogCaptureFixture
) -> None:
    took: list[float] = []
    for _ in range(3):
        limiter, release = TimeLimiter(LIMIT), asyncio.Event()
        with measured(took), pytest.raises(OperationTimeoutException):
            await limiter.wrap(call)(release)
        assert limiter.snapshot()["runaways"] == int(runs_away)
        release.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert limiter.snapshot()["runaways"] == 0
    assert ("goes on although its time is up" in caplog.text) is runs_away
    assert in_time(took)


async def test_cancelling_the_caller_cancels_the_call_and_is_not_turned_into_a_time_out() -> None:
    inner_ended = False

    @time_limiter(timedelta(seconds=5))
    async def call() -> None:
        nonlocal inner_ended
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            inner_ended = True

    task = asyncio.ensure_future(call())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert inner_ended


async def test_a_call_that_swallows_the_cancellation_of_its_caller_does_not_hold_it_beyond_the_limit() -> (
    None
):
    took: list[float] = []
    for _ in range(3):
        limiter, release = TimeLimiter(LIMIT), asyncio.Event()
        task = asyncio.ensure_future(limiter.wrap(_swallows)(release))
        await asyncio.sleep(0)
        task.cancel()
        with measured(took), pytest.raises(asyncio.CancelledError):
            await task
        release.set()
        for _ in range(5):
            await asyncio.sleep(0)
    assert in_time(took)


async def test_deadlines_nested_three_deep_never_grow() -> None:
    clock, seen = TestClock(), []

    def note() -> None:
        found = Deadline.current()
        assert found is not None
        seen.append(found.remaining())

    @time_limiter(TimeLimiter("60s", clock=clock))
    async def inner() -> None:
        note()
        await clock.sleep(100)

    @time_limiter(TimeLimiter("5s", clock=clock))
    async def middle() -> None:
        note()
        await clock.sleep(2)
        await inner()

    @time_limiter(TimeLimiter("10s", clock=clock))
    async def outer() -> None:
        note()
        await clock.sleep(1)
        with suppress(OperationTimeoutException):
            await middle()
        note()

    task = asyncio.ensure_future(outer())
    await clock.elapse(7)
    await asyncio.wait_for(task, 10)
    assert seen == [10.0, 5.0, 3.0, 4.0]
    assert Deadline.current() is None


async def test_without_any_time_left_nothing_is_called() -> None:
    clock = TestClock()
    with deadline("1s", clock):
        clock.advance(1)
        with pytest.raises(OperationTimeoutException):
            await TimeLimiter("5s", clock=clock).call(pytest.fail)


def test_a_function_that_is_not_async_is_limited_too(caplog: pytest.LogCaptureFixture) -> None:
    took: list[float] = []
    for _ in range(3):
        limiter, release, ended = TimeLimiter(LIMIT), threading.Event(), threading.Event()

        @time_limiter(limiter)
        def blocked(release: threading.Event, ended: threading.Event) -> None:
            release.wait(30)
            ended.set()

        with measured(took), pytest.raises(OperationTimeoutException, match="blocked"):
            blocked(release, ended)
        assert limiter.snapshot()["runaways"] == 1
        release.set()
        assert ended.wait(5)
        while limiter.snapshot()["runaways"]:
            pass
    assert "blocked goes on" in caplog.text
    assert in_time(took)


def test_a_function_that_is_not_async_returns_raises_and_knows_its_deadline() -> None:
    @time_limiter(timeout="5s")
    def call(value: int) -> float:
        if value < 0:
            raise ValueError(value)
        found = Deadline.current()
        assert found is not None
        return found.remaining()

    assert 4 < call(1) <= 5
    with pytest.raises(ValueError, match="-1"):
        call(-1)


async def test_what_a_cut_off_call_raises_later_disturbs_nobody() -> None:
    limiter = TimeLimiter(LIMIT)

    async def fails_late() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise ValueError("while cleaning up") from None

    with pytest.raises(OperationTimeoutException):
        await limiter.wrap(fails_late)()


@pytest.mark.parametrize("wrong", [{"timeout": "soon"}, {"timeout": -1}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="timeout"):
        TimeLimiter(**wrong)
