"""What every store of shared limits and locks promises, kept by each of them."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from pyfly.resilience.adapters.memory import MemoryLockStore, MemoryTokenStore
from pyfly.resilience.adapters.redis import RedisConnection, RedisLockStore, RedisTokenStore
from pyfly.resilience.ports import Bucket, LockStore, StoreUnavailableError, TokenStore
from pyfly.testing import TestClock

SLOW = Bucket(size=3, interval=3600.0, max_wait=7200.0)


@pytest.fixture(params=["memory", "redis"])
async def connection(request: pytest.FixtureRequest) -> AsyncIterator[RedisConnection | None]:
    if request.param == "memory":
        yield None
        return
    url = request.getfixturevalue("redis_server").url
    made = RedisConnection(url, timeout=5, prefix=f"pyfly-test:{uuid4().hex}")
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def tokens(connection: RedisConnection | None) -> TokenStore:
    return MemoryTokenStore() if connection is None else RedisTokenStore(connection)


@pytest.fixture
def locks(connection: RedisConnection | None) -> LockStore:
    return MemoryLockStore() if connection is None else RedisLockStore(connection)


async def test_a_bucket_gives_what_it_holds_and_then_says_when_there_is_more(tokens: TokenStore) -> None:
    grants = [await tokens.take("api", SLOW, 0) for _ in range(4)]
    assert [(each.granted, each.wait) for each in grants[:3]] == [(True, 0)] * 3
    assert not grants[3].granted
    assert 3590 < grants[3].wait <= 3600
    assert (await tokens.take("other", SLOW, 0)).granted


async def test_who_can_wait_is_given_the_tokens_to_come_in_turn(tokens: TokenStore) -> None:
    for _ in range(3):
        await tokens.take("api", SLOW, 7200)
    waits = [(await tokens.take("api", SLOW, 7200)).wait for _ in range(2)]
    assert [round(wait / 3600, 2) for wait in waits] == [1, 2]
    assert not (await tokens.take("api", SLOW, 7200)).granted


async def test_the_last_token_that_was_taken_can_be_given_back_and_no_other(tokens: TokenStore) -> None:
    grants = [await tokens.take("api", SLOW, 0) for _ in range(3)]
    assert not await tokens.give_back("api", SLOW, grants[0].mark)
    assert await tokens.give_back("api", SLOW, grants[2].mark)
    assert (await tokens.take("api", SLOW, 0)).granted
    assert not (await tokens.take("api", SLOW, 0)).granted


async def test_tasks_and_threads_together_never_get_more_than_there_is(tokens: TokenStore) -> None:
    bucket = Bucket(size=100, interval=3600.0, max_wait=0)

    def in_thread() -> int:
        return sum(tokens.take_sync("api", bucket, 0).granted for _ in range(40))

    async def in_task() -> int:
        return sum([(await tokens.take("api", bucket, 0)).granted for _ in range(10)])

    with ThreadPoolExecutor(4) as pool:
        loop = asyncio.get_running_loop()
        threads = [loop.run_in_executor(pool, in_thread) for _ in range(4)]
        served = await asyncio.gather(*threads, *(in_task() for _ in range(20)))
    assert sum(served) == 100


async def test_a_lock_is_held_by_one_token_which_alone_can_renew_and_release_it(locks: LockStore) -> None:
    first = await locks.acquire("report", "a", 60)
    assert first is not None
    assert await locks.acquire("report", "b", 60) is None
    assert not await locks.renew("report", "b", 60)
    assert not await locks.release("report", "b")
    assert await locks.renew("report", "a", 60)
    assert await locks.acquire("report", "a", 60) == first
    assert await locks.release("report", "a")
    assert not await locks.release("report", "a")
    second = await locks.acquire("report", "b", 60)
    assert second is not None
    assert second > first


async def test_locks_of_other_names_are_other_locks(locks: LockStore) -> None:
    assert await locks.acquire("one", "a", 60)
    assert await locks.acquire("two", "b", 60)


async def test_a_lock_ends_by_itself_and_a_late_release_frees_nobody_elses(locks: LockStore) -> None:
    first = await locks.acquire("report", "a", 0.001)
    second = None
    for _ in range(100_000):
        if (second := await locks.acquire("report", "b", 60)) is not None:
            break
    assert first is not None
    assert second is not None
    assert second > first
    assert not await locks.renew("report", "a", 60)
    assert not await locks.release("report", "a")
    assert await locks.acquire("report", "c", 60) is None


async def test_of_many_who_want_a_lock_one_gets_it(locks: LockStore) -> None:
    answers = await asyncio.gather(*(locks.acquire("report", str(each), 60) for each in range(50)))
    assert sum(answer is not None for answer in answers) == 1


async def test_buckets_in_memory_refill_with_the_clock_and_full_ones_are_forgotten() -> None:
    clock = TestClock()
    tokens, bucket = MemoryTokenStore(clock), Bucket(size=1, interval=1.0, max_wait=0)
    assert (await tokens.take("a", bucket, 0)).granted
    assert await tokens.take("a", bucket, 0) == (False, 1.0, "")
    clock.advance(1)
    grants = [await tokens.take(key, bucket, 0) for key in ("b", "a")]
    assert [each.granted for each in grants] == [True, True]


async def test_a_server_that_is_not_there_is_an_error_that_says_where(unused_tcp_port: int) -> None:
    url = f"redis://user:geheim@127.0.0.1:{unused_tcp_port}/0"
    connection = RedisConnection(url, timeout=1)
    with pytest.raises(StoreUnavailableError) as failure:
        await connection.start()
    assert f"Redis at 127.0.0.1:{unused_tcp_port} cannot be used" in str(failure.value)
    assert "geheim" not in str(failure.value)


async def test_a_server_that_is_optional_need_not_be_there_at_the_start(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    connection = RedisConnection(f"redis://127.0.0.1:{unused_tcp_port}/0", timeout=1, optional=True)
    await connection.start()
    assert "will be tried again" in caplog.text
    await connection.stop()


async def test_after_three_failures_the_server_is_left_alone_for_a_moment(unused_tcp_port: int) -> None:
    clock = TestClock()
    connection = RedisConnection(f"redis://127.0.0.1:{unused_tcp_port}/0", timeout=1, clock=clock)
    tokens, texts = RedisTokenStore(connection), []
    for _ in range(4):
        with pytest.raises(StoreUnavailableError) as failure:
            await tokens.take("api", SLOW, 0)
        texts.append("left alone" in str(failure.value))
    clock.advance(1)
    with pytest.raises(StoreUnavailableError, match="cannot be used"):
        tokens.take_sync("api", SLOW, 0)
    assert texts == [False, False, False, True]
    await connection.stop()
