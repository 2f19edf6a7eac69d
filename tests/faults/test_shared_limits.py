"""T33 and T35 on a real server: limits that nobody exceeds together, locks that two never hold, a server that dies."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple
from uuid import uuid4

import pytest

from pyfly.kernel.exceptions import RateLimitException
from pyfly.resilience import LockLostError, Locks, SharedRateLimiter, StoreUnavailableError
from pyfly.resilience.adapters.redis import RedisConnection, RedisLockStore, RedisTokenStore
from pyfly.resilience.ports import Bucket
from tests.faults.waiting import Waiting
from tests.servers.redis import ephemeral
from tests.servers.supply import Supply

pytestmark = pytest.mark.timed

ROOT = Path(__file__).parents[2]


class Call(NamedTuple):
    began: float
    ended: float


@asynccontextmanager
async def connected(url: str, prefix: str, patience: float = 5.0) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(url, timeout=patience, prefix=prefix)
    try:
        yield connection
    finally:
        await connection.stop()


@pytest.fixture
def prefix() -> str:
    return f"pyfly-test:{uuid4().hex}"


@pytest.mark.parametrize("seconds", [1.5, pytest.param(60.0, marks=pytest.mark.nightly)])
async def test_processes_together_are_never_served_more_than_the_limit_and_hardly_less(
    redis_server: Supply, prefix: str, seconds: float
) -> None:
    size, rate, served = 10, 100, list[Call]()
    bucket, end = Bucket(size, 1 / rate, 0), perf_counter() + seconds

    def in_thread(store: RedisTokenStore) -> None:
        while (began := perf_counter()) < end:
            grant = store.take_sync("api", bucket, 0)
            if grant.granted:
                served.append(Call(began, perf_counter()))

    async def in_task(store: RedisTokenStore, pause: float) -> None:
        while (began := perf_counter()) < end:
            if (await store.take("api", bucket, 0)).granted:
                served.append(Call(began, perf_counter()))
            await asyncio.sleep(pause)

    async with AsyncExitStack() as stack:
        stores = [
            RedisTokenStore(await stack.enter_async_context(connected(redis_server.url, prefix)))
            for _ in range(4)
        ]
        began = perf_counter()
        with ThreadPoolExecutor(2) as pool:
            loop = asyncio.get_running_loop()
            threads = [loop.run_in_executor(pool, in_thread, store) for store in stores[:2]]
            await asyncio.gather(*(in_task(stores[each % 4], 0.005) for each in range(20)), *threads)
        elapsed = perf_counter() - began
    assert _excess(served, size, rate) <= 0
    assert len(served) >= 0.99 * rate * min(elapsed, seconds)


def _excess(calls: list[Call], size: float, rate: float) -> float:
    """Return by how much any period has more calls than allowed, counting those that surely lie in it.

    From a begin to an end, that is at least the number of calls that have ended by the end less the number
    of those that had begun before the begin.
    """
    began, ended = sorted(call.began for call in calls), sorted(call.ended for call in calls)
    levels = [number - rate * at for number, at in enumerate(ended, start=1)]
    lowest = accumulate((number - rate * at for number, at in enumerate(began)), min)
    return max((level - low - size for level, low in zip(levels, lowest, strict=True)), default=0.0) - 1e-6


async def test_who_comes_back_when_told_is_served(redis_server: Supply, prefix: str) -> None:
    async with connected(redis_server.url, prefix) as connection:
        limiter = SharedRateLimiter(RedisTokenStore(connection), 1, 50, name="api")
        for _ in range(10):
            await limiter.acquire()
            with pytest.raises(RateLimitException) as refused:
                await limiter.acquire()
            again = refused.value.context["retry_after"]
            assert isinstance(again, float)
            assert 0 < again <= 0.02
            await asyncio.sleep(again)


async def test_those_who_leave_the_line_let_nobody_exceed_the_limit(
    redis_server: Supply, prefix: str
) -> None:
    random, served = Random(7), list[Call]()
    async with connected(redis_server.url, prefix) as connection:
        limiter = SharedRateLimiter(RedisTokenStore(connection), 5, 200, max_wait="5s", name="api")

        async def call() -> None:
            began = perf_counter()
            await limiter.acquire()
            served.append(Call(began, perf_counter()))

        tasks = [asyncio.ensure_future(call()) for _ in range(100)]
        for _ in range(20):
            await asyncio.sleep(0.005)
            random.choice(tasks).cancel()
        await asyncio.wait(tasks)
    ended = sorted(each.ended for each in served)
    assert len(ended) >= 80
    # The token is there at the latest when its wait is over; sleeping only adds to that.
    assert all(position <= 5 + 200 * (at - ended[0]) + 6 for position, at in enumerate(ended))


async def test_a_server_that_says_nothing_costs_its_time_out_and_blocks_nobody_else(prefix: str) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    lags: list[float] = []
    waiting = Waiting()

    async def heartbeat() -> None:
        while True:
            expected, before = perf_counter() + 0.01, waiting.seconds()
            await asyncio.sleep(0.01)
            lags.append(perf_counter() - expected - (waiting.seconds() - before))

    beats = asyncio.ensure_future(heartbeat())
    async with connected(f"redis://127.0.0.1:{port}/0", prefix, patience=0.2) as connection:
        store = RedisTokenStore(connection)
        strict = SharedRateLimiter(store, name="api")
        lenient = SharedRateLimiter(store, name="api", when_unavailable="allow")
        began = perf_counter()
        with pytest.raises(StoreUnavailableError, match=r"did not answer within 0\.2 s"):
            await strict.acquire()
        await asyncio.gather(*(lenient.acquire() for _ in range(50)))
        assert perf_counter() - began < 2
        began = perf_counter()
        for _ in range(100):
            await lenient.acquire()
        assert perf_counter() - began < 0.2  # it is left alone by now
    beats.cancel()
    server.close()
    await server.wait_closed()
    assert max(lags) < 0.1


async def test_the_restart_of_the_server_ends_locks_and_their_holders_are_told(unused_tcp_port: int) -> None:
    async with AsyncExitStack() as stack:
        with ephemeral(unused_tcp_port) as url:
            connection = await stack.enter_async_context(connected(url, "pyfly", patience=1))
            locks = Locks(RedisLockStore(connection), ttl="1s")
            entered, numbers = asyncio.Event(), list[int]()

            async def work() -> None:
                async with locks.hold("report") as lease:
                    numbers.append(lease.fencing)
                    entered.set()
                    await asyncio.Event().wait()

            holder = asyncio.ensure_future(work())
            await entered.wait()
        with ephemeral(unused_tcp_port):
            with pytest.raises(LockLostError):
                await asyncio.wait_for(holder, 5)
            async with locks.hold("report", max_wait="5s") as lease:
                assert lease.fencing > numbers[0]  # although the server has forgotten everything


class Ledger:
    """What the work writes to: it refuses numbers lower than it has seen."""

    def __init__(self) -> None:
        self.seen = self.refused = self.active = 0

    def write(self, fencing: int) -> bool:
        if fencing < self.seen:
            self.refused += 1
            return False
        self.seen = fencing
        return True


async def test_without_pauses_two_never_hold_a_lock_and_paused_holders_write_nothing(
    redis_server: Supply, prefix: str
) -> None:
    ledger, random, most = Ledger(), Random(3), 0
    async with AsyncExitStack() as stack:
        stores = [
            RedisLockStore(await stack.enter_async_context(connected(redis_server.url, prefix)))
            for _ in range(5)
        ]

        async def steady(store: RedisLockStore) -> None:
            nonlocal most
            locks = Locks(store, ttl="2s")
            for _ in range(8):
                async with locks.hold("steady", max_wait="20s"):
                    ledger.active += 1
                    most = max(most, ledger.active)
                    await asyncio.sleep(random.random() * 0.004)
                    ledger.active -= 1

        async def suspended(store: RedisLockStore, other: RedisLockStore) -> None:
            """Hold a lock without renewing it, as a process does that is stopped."""
            stopped = await store.acquire("paused", "stopped", 0.05)
            await asyncio.sleep(0.06)
            following = await other.acquire("paused", "following", 60)
            assert stopped is not None
            assert following is not None
            assert ledger.write(following)
            assert not ledger.write(stopped)
            assert not await store.release("paused", "stopped")
            assert await other.release("paused", "following")

        await asyncio.gather(*(steady(store) for store in stores))
        for store, other in pairwise(stores * 4):
            await suspended(store, other)
    assert most == 1
    assert ledger.refused == 19


_HOLDER = """
import asyncio, sys
from pyfly.resilience import LockLostError, Locks
from pyfly.resilience.adapters.redis import RedisConnection, RedisLockStore

async def main(url, prefix):
    locks = Locks(RedisLockStore(RedisConnection(url, timeout=1, prefix=prefix)), ttl="1s")
    while True:
        try:
            async with locks.hold("job", max_wait="1m") as lease:
                for _ in range(40):
                    lease.check()
                    print("write", lease.fencing, flush=True)
                    await asyncio.sleep(0.01)
        except LockLostError:
            print("lost", flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.nightly
@pytest.mark.timeout(300)
async def test_processes_that_are_stopped_for_longer_than_their_lock_lasts_are_told_and_fenced(
    redis_server: Supply, prefix: str
) -> None:
    ledger, told = Ledger(), 0
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _HOLDER, redis_server.url, prefix),
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        for _ in range(5)
    ]
    holder = 0

    async def read(process: asyncio.subprocess.Process) -> None:
        nonlocal told, holder
        assert process.stdout is not None
        while line := (await process.stdout.readline()).split():
            if line[0] == b"lost":
                told += 1
            elif ledger.write(int(line[1])):
                holder = process.pid

    readers = [asyncio.ensure_future(read(process)) for process in processes]
    stops = 0
    try:
        while stops < 50:
            await asyncio.sleep(0.2)
            if holder:
                stopped, holder = holder, 0
                os.kill(stopped, signal.SIGSTOP)
                await asyncio.sleep(1.3)
                os.kill(stopped, signal.SIGCONT)
                stops += 1
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        await asyncio.gather(*readers)
    assert told >= 40
    assert ledger.seen > 0
