"""The shared rate limiter: as the one of a process, by the word of a store."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from pyfly.kernel.exceptions import RateLimitException
from pyfly.resilience import SharedRateLimiter, StoreUnavailableError, deadline, rate_limiter
from pyfly.resilience.adapters.memory import MemoryTokenStore
from pyfly.resilience.ports import Bucket, Grant
from pyfly.testing import TestClock


class Down(MemoryTokenStore):
    """A store that can be out of reach."""

    is_down = True

    def take_sync(self, key: str, bucket: Bucket, limit: float) -> Grant:
        if self.is_down:
            raise StoreUnavailableError("Redis did not answer")
        return super().take_sync(key, bucket, limit)

    async def give_back(self, key: str, bucket: Bucket, mark: str) -> bool:
        if self.is_down:
            raise StoreUnavailableError("Redis did not answer")
        return await super().give_back(key, bucket, mark)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


def make(clock: TestClock, *args: Any, **settings: Any) -> SharedRateLimiter:
    store = settings.pop("store", None) or MemoryTokenStore(clock)
    return SharedRateLimiter(store, *args, **{"name": "api", **settings}, clock=clock, pause=clock.advance)


async def test_two_limiters_of_one_name_count_together(clock: TestClock) -> None:
    store = MemoryTokenStore(clock)
    first, second = make(clock, 2, 1.0, store=store), make(clock, 2, 1.0, store=store)
    await first.acquire()
    await second.acquire()
    with pytest.raises(RateLimitException) as refused:
        await first.acquire()
    assert refused.value.context == {"policy": "api", "retry_after": 1.0}
    clock.advance(1)
    await second.acquire()


async def test_those_who_wait_are_served_in_turn_when_their_token_arrives(clock: TestClock) -> None:
    limiter, served = make(clock, 1, 10.0, max_wait="1s"), []

    async def call(number: int) -> None:
        await limiter.acquire()
        served.append((number, round(clock.monotonic(), 6)))

    tasks = [asyncio.ensure_future(call(number)) for number in range(4)]
    await clock.elapse(1)
    await asyncio.gather(*tasks)
    assert served == [(0, 0.0), (1, 0.1), (2, 0.2), (3, 0.3)]


async def test_the_last_one_who_stops_waiting_gives_the_token_back(clock: TestClock) -> None:
    limiter = make(clock, 1, 1.0, max_wait="1s")
    await limiter.acquire()
    waiting = asyncio.ensure_future(limiter.acquire())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    second = asyncio.ensure_future(limiter.acquire())
    await clock.elapse(1)
    await asyncio.wait_for(second, 10)


async def test_nobody_waits_beyond_the_deadline(clock: TestClock) -> None:
    limiter = make(clock, 1, 1.0, max_wait="10s")
    await limiter.acquire()
    with deadline("500ms", clock), pytest.raises(RateLimitException):
        await limiter.acquire()


async def test_functions_that_are_not_async_are_limited_in_threads_and_refused_on_the_loop(
    clock: TestClock,
) -> None:
    limiter = make(clock, 1, 1.0, max_wait="1s")

    @rate_limiter(limiter)
    def call() -> float:
        return clock.monotonic()

    with ThreadPoolExecutor(1) as pool:
        assert [pool.submit(call).result(5), pool.submit(call).result(5)] == [0.0, 1.0]
    with pytest.raises(RuntimeError, match="which it would block; make the function async"):
        call()


@pytest.mark.parametrize("is_async", [True, False], ids=["async", "sync"])
async def test_without_its_store_calls_are_refused_or_allowed_as_configured(
    clock: TestClock, is_async: bool
) -> None:
    store = Down(clock)
    strict, lenient = (
        make(clock, 1, 1.0, store=store, when_unavailable=each) for each in ("refuse", "allow")
    )

    async def ask(limiter: SharedRateLimiter) -> None:
        await (limiter.acquire() if is_async else asyncio.to_thread(limiter.acquire_sync))

    with pytest.raises(StoreUnavailableError, match="did not answer"):
        await ask(strict)
    await ask(lenient)
    assert lenient.snapshot()["events"] == {"store-unavailable": 1}
    store.is_down = False
    await ask(lenient)
    with pytest.raises(RateLimitException):
        await ask(lenient)


async def test_a_token_that_cannot_be_given_back_does_not_hold_up_who_leaves(clock: TestClock) -> None:
    store = Down(clock)
    limiter, store.is_down = make(clock, 1, 1.0, max_wait="5s", store=store), False
    await limiter.acquire()
    waiting = asyncio.ensure_future(limiter.acquire())
    await asyncio.sleep(0)
    store.is_down = True
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()


async def test_keys_are_values_that_mean_the_same_everywhere(clock: TestClock) -> None:
    limiter = make(clock, 1, 1.0)
    keys = ("1", 1, ("a", 1), "('a', 1)", UUID(int=7), None, "x" * 500, "x" * 501)
    for key in keys:
        await limiter.of(key).acquire()
    for key in keys:
        with pytest.raises(RateLimitException):
            await limiter.of(key).acquire()
    with pytest.raises(TypeError, match="is no key for a shared limit"):
        limiter.of(object())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "name"),
        ({"refill_rate": 0}, "refill_rate"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"when_unavailable": "guess"}, "when_unavailable"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    clock: TestClock, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make(clock, **wrong)
