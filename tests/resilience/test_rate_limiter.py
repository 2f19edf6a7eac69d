"""The rate limiter: never more than allowed, hardly ever less, and in turn."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random
from threading import Thread
from time import perf_counter
from typing import Any

import pytest

from pyfly.kernel.exceptions import RateLimitException
from pyfly.resilience import RateLimiter, deadline, rate_limiter
from pyfly.testing import TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


async def test_the_bucket_is_full_at_first_and_an_empty_one_refuses() -> None:
    limiter = RateLimiter(max_tokens=2, refill_rate=0.0)
    assert limiter.available_tokens == 2
    await limiter.acquire()
    limiter.acquire_sync()
    with pytest.raises(RateLimitException, match="Rate limit exceeded") as refused:
        await limiter.acquire()
    assert "retry_after" not in refused.value.context


def test_it_refills_with_time_up_to_its_size_and_looking_changes_nothing(clock: TestClock) -> None:
    limiter = RateLimiter(3, 2.0, clock=clock)
    for _ in range(3):
        limiter.acquire_sync()
    clock.advance(0.75)
    assert (limiter.available_tokens, limiter.available_tokens) == (1.5, 1.5)
    clock.advance(100)
    assert limiter.available_tokens == 3


def test_who_comes_back_when_told_is_served(clock: TestClock) -> None:
    limiter = RateLimiter(1, 3.0, clock=clock, name="api")
    for _ in range(100):
        limiter.acquire_sync()
        with pytest.raises(RateLimitException) as refused:
            limiter.acquire_sync()
        retry_after = refused.value.context["retry_after"]
        assert retry_after == pytest.approx(1 / 3)
        assert isinstance(retry_after, float)
        clock.advance(retry_after)


def _most_in_any_window(times: list[float], width: float) -> int:
    most = start = 0
    for end, at in enumerate(times):
        while times[start] < at - width:
            start += 1
        most = max(most, end - start + 1)
    return most


@pytest.mark.parametrize("calls", [100_000, pytest.param(1_000_000, marks=pytest.mark.nightly)])
@pytest.mark.timeout(600)
def test_no_window_ever_has_more_than_the_rate_and_the_burst(clock: TestClock, calls: int) -> None:
    limiter, random, served = RateLimiter(10, 100.0, clock=clock), Random(7), []
    for _ in range(calls):
        clock.advance(random.choice((0.0, 0.0, 0.001, 0.002, 0.009)))
        if limiter.try_acquire():
            served.append(clock.monotonic())
    for width in (0.01, 0.1, 1.0, 10.0):
        assert _most_in_any_window(served, width) <= 10 + 100 * width + 1e-6
    allowed = min(calls, 10 + 100 * clock.monotonic())
    assert len(served) >= 0.99 * allowed


def test_threads_and_tasks_together_get_what_is_in_the_bucket_and_no_more() -> None:
    limiter = RateLimiter(500, 0.0)
    served: list[int] = []

    def in_thread() -> None:
        served.extend(1 for _ in range(100) if limiter.try_acquire())

    async def in_tasks() -> None:
        async def task() -> None:
            await asyncio.sleep(0)
            try:
                await limiter.acquire()
            except RateLimitException:
                return
            served.append(1)

        await asyncio.gather(*(task() for _ in range(200)))

    threads = [Thread(target=in_thread) for _ in range(8)]
    for thread in threads:
        thread.start()
    asyncio.run(in_tasks())
    for thread in threads:
        thread.join()
    assert len(served) == 500


# In a short run, one late wake-up of a busy machine is a large share.
@pytest.mark.timed
@pytest.mark.parametrize(
    ("seconds", "share"), [(1.0, 0.7), pytest.param(60.0, 0.97, marks=pytest.mark.nightly)]
)
async def test_by_the_clock_of_the_machine_eight_threads_and_two_hundred_tasks_get_all_that_is_allowed(
    seconds: float, share: float
) -> None:
    limiter, served, end = RateLimiter(10, 100.0, max_wait="10s"), [], perf_counter() + seconds

    def in_thread() -> None:
        while perf_counter() < end:
            limiter.acquire_sync()
            served.append(perf_counter())

    async def in_task() -> None:
        while perf_counter() < end:
            await limiter.acquire()
            served.append(perf_counter())
            await asyncio.sleep(0)

    async def impatient() -> None:
        while perf_counter() < end:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await limiter.acquire()
                    served.append(perf_counter())

    started = perf_counter()
    with ThreadPoolExecutor(8) as pool:
        loop = asyncio.get_running_loop()
        threads = [loop.run_in_executor(pool, in_thread) for _ in range(8)]
        await asyncio.gather(*(in_task() for _ in range(180)), *(impatient() for _ in range(20)), *threads)
    elapsed = perf_counter() - started
    assert share * 100 * elapsed <= len(served) <= 10 + 100 * elapsed + 1


async def test_waiting_tasks_are_served_in_turn_each_when_its_token_arrives(clock: TestClock) -> None:
    limiter, served = RateLimiter(1, 10.0, max_wait="1s", clock=clock), []

    async def call(number: int) -> None:
        await limiter.acquire()
        served.append((number, round(clock.monotonic(), 6)))

    tasks = [asyncio.ensure_future(call(number)) for number in range(5)]
    await clock.elapse(1)
    await asyncio.gather(*tasks)
    assert served == [(0, 0.0), (1, 0.1), (2, 0.2), (3, 0.3), (4, 0.4)]


async def test_a_call_that_would_wait_too_long_is_refused_at_once(clock: TestClock) -> None:
    limiter = RateLimiter(1, 1.0, max_wait="2s", clock=clock)
    limiter.acquire_sync()
    tasks = [asyncio.ensure_future(limiter.acquire()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(RateLimitException) as refused:
        await limiter.acquire()
    assert refused.value.context["retry_after"] == pytest.approx(3.0)
    await clock.elapse(2)
    await asyncio.gather(*tasks)


async def test_those_who_leave_the_line_cost_nobody_a_token(clock: TestClock) -> None:
    limiter, random, served = RateLimiter(5, 100.0, max_wait="100s", clock=clock), Random(3), []

    async def call() -> None:
        await limiter.acquire()
        served.append(clock.monotonic())

    tasks = [asyncio.ensure_future(call()) for _ in range(200)]
    await asyncio.sleep(0)
    for task in random.sample(tasks[5:], 100):
        task.cancel()
    await clock.elapse(1.0)
    await asyncio.wait(tasks)
    assert len(served) == 100
    assert served[-1] == pytest.approx(0.95)
    assert all(_most_in_any_window(served, width) <= 5 + 100 * width + 1 for width in (0.0, 0.05, 0.5))
    assert limiter.snapshot()["waiting"] == 0


def test_threads_wait_in_turn_too() -> None:
    limiter = RateLimiter(1, 200.0, max_wait="5s")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: limiter.acquire_sync(), range(20)))
    assert limiter.snapshot()["waiting"] == 0


async def test_nobody_waits_beyond_the_deadline(clock: TestClock) -> None:
    limiter = RateLimiter(1, 1.0, max_wait="10s", clock=clock)
    limiter.acquire_sync()
    with deadline("500ms", clock), pytest.raises(RateLimitException):
        await limiter.acquire()


async def test_each_key_has_its_own_bucket(clock: TestClock) -> None:
    limiter = RateLimiter(1, 0.0, clock=clock, name="api")

    @rate_limiter(limiter, key=lambda user: user)
    async def call(user: str) -> str:
        return user

    @rate_limiter(limiter, key=lambda user: user)
    def call_sync(user: str) -> str:
        return user

    assert (await call("ann"), call_sync("bob")) == ("ann", "bob")
    with pytest.raises(RateLimitException) as refused:
        call_sync("ann")
    assert refused.value.context["policy"] == "api[ann]"
    assert limiter.snapshot()["events"] == {"rejected": 1}


def test_of_too_many_keys_the_full_buckets_are_forgotten_first(clock: TestClock) -> None:
    limiter = RateLimiter(1, 0.0, max_keys=3, clock=clock)
    limiter.of("spent").acquire_sync()
    for number in range(10):
        limiter.of(number)
    assert limiter.snapshot()["keys"] == 3
    assert limiter.of("spent").available_tokens == 0


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
async def test_the_decorator_takes_a_limiter_or_settings(is_async: bool) -> None:
    for decorate in (rate_limiter(RateLimiter(1, 0.0)), rate_limiter(max_tokens=1, refill_rate=0.0)):
        if is_async:

            @decorate
            async def one(value: int) -> int:
                return value

            assert await one(3) == 3
            with pytest.raises(RateLimitException):
                await one(3)
        else:

            @decorate
            def two(value: int) -> int:
                return value

            assert two(3) == 3
            with pytest.raises(RateLimitException):
                two(3)


@pytest.mark.parametrize(
    "wrong", [{"max_tokens": 0}, {"refill_rate": -1}, {"max_keys": 0}, {"max_wait": "soon"}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RateLimiter(**wrong)
