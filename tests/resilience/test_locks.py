"""Locks: one holder at a time, who is told when it is no more."""

import asyncio
from contextlib import suppress

import pytest

from pyfly.kernel.exceptions import LockedResourceException
from pyfly.resilience import LockLostError, Locks, deadline
from pyfly.resilience.adapters.memory import MemoryLockStore
from pyfly.resilience.ports import StoreUnavailableError
from pyfly.testing import TestClock


class Store(MemoryLockStore):
    """A store that can be out of reach, and can lose what it knows."""

    def __init__(self, clock: TestClock) -> None:
        super().__init__(clock)
        self.is_down = False
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()
        self.answers.set()

    async def acquire(self, name: str, token: str, ttl: float) -> int | None:
        found = await super().acquire(name, token, ttl)
        self.asked.set()
        await self.answers.wait()
        return found

    async def renew(self, name: str, token: str, ttl: float) -> bool:
        self._refuse()
        return await super().renew(name, token, ttl)

    async def release(self, name: str, token: str) -> bool:
        self._refuse()
        return await super().release(name, token)

    def _refuse(self) -> None:
        if self.is_down:
            raise StoreUnavailableError("down")


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def store(clock: TestClock) -> Store:
    return Store(clock)


@pytest.fixture
def locks(store: Store, clock: TestClock) -> Locks:
    return Locks(store, ttl="30s", clock=clock)


async def test_one_at_a_time_is_inside_and_each_has_a_higher_number(locks: Locks, clock: TestClock) -> None:
    inside = most = 0
    numbers: list[int] = []

    async def work() -> None:
        nonlocal inside, most
        async with locks.hold("report", max_wait="10m") as lease:
            inside += 1
            most = max(most, inside)
            numbers.append(lease.fencing)
            await clock.sleep(0.1)
            inside -= 1

    tasks = [asyncio.ensure_future(work()) for _ in range(20)]
    await clock.elapse(60)
    await asyncio.gather(*tasks)
    assert most == 1
    assert numbers == sorted(set(numbers))


async def test_a_held_lock_is_renewed_until_it_is_released_and_leaves_no_task(
    locks: Locks, clock: TestClock
) -> None:
    before = asyncio.all_tasks()
    async with locks.hold("report") as lease:
        await clock.elapse(300)
        lease.check()
        assert await locks.try_acquire("report") is None
    assert asyncio.all_tasks() == before
    with pytest.raises(LockLostError):
        lease.check()
    assert not lease.lost


async def test_who_does_not_get_it_in_time_is_told(locks: Locks, clock: TestClock) -> None:
    async with locks.hold("report"):
        with pytest.raises(LockedResourceException, match="'report' is held by somebody else"):
            await locks.acquire("report")
        waiting = asyncio.ensure_future(locks.acquire("report", max_wait="2s"))
        await clock.elapse(1.9)
        assert not waiting.done()
        await clock.elapse(0.2)
        with pytest.raises(LockedResourceException):
            await waiting


async def test_nobody_waits_for_it_beyond_the_deadline(locks: Locks, clock: TestClock) -> None:
    async with locks.hold("report"):
        with deadline("1s", clock):
            waiting = asyncio.ensure_future(locks.acquire("report", max_wait="1m"))
        await clock.elapse(1.1)
        with pytest.raises(LockedResourceException):
            await waiting


async def test_a_block_whose_lock_is_lost_is_interrupted(
    locks: Locks, store: Store, clock: TestClock
) -> None:
    reached = False

    async def work() -> None:
        nonlocal reached
        async with locks.hold("report"):
            store._held.clear()  # the server was restarted
            await asyncio.Event().wait()
            reached = True

    task = asyncio.ensure_future(work())
    await clock.elapse(10.1)
    with pytest.raises(LockLostError, match="'report' was lost"):
        await task
    assert not reached
    assert task.cancelling() == 0


async def test_a_lock_that_cannot_be_renewed_is_given_up_before_it_ends(
    locks: Locks, store: Store, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[float] = []

    async def work() -> None:
        async with locks.hold("report"):
            store.is_down = True
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(clock.monotonic())

    task = asyncio.ensure_future(work())
    await clock.elapse(31)
    with pytest.raises(LockLostError):
        await task
    assert 20 < ended[0] < 30
    assert "could not be renewed" in caplog.text
    assert "could not be released" in caplog.text


async def test_a_store_that_is_back_in_time_costs_nobody_the_lock(
    locks: Locks, store: Store, clock: TestClock
) -> None:
    async with locks.hold("report") as lease:
        store.is_down = True
        await clock.elapse(20)
        store.is_down = False
        await clock.elapse(100)
        lease.check()


async def test_a_holder_that_was_suspended_finds_out_and_cannot_free_the_lock_of_the_next(
    locks: Locks, clock: TestClock
) -> None:
    first = await locks.acquire("report")
    clock.advance(31)  # at once: nothing runs meanwhile
    assert first.lost
    second = await locks.acquire("report")
    assert second.fencing > first.fencing
    assert not await first.release()
    assert await locks.try_acquire("report") is None
    assert await second.release()


async def test_without_interruption_the_block_asks_for_itself(
    locks: Locks, store: Store, clock: TestClock
) -> None:
    async with locks.hold("report", interrupt=False) as lease:
        told: list[str] = []
        lease.when_lost(lambda: told.append("lost"))
        store._held.clear()
        await clock.elapse(11)
        assert lease.lost
        lease.when_lost(lambda: told.append("late"))
        assert told == ["lost", "late"]
        with pytest.raises(LockLostError):
            lease.check()


async def test_what_the_block_raises_passes_and_the_lock_is_free(locks: Locks) -> None:
    for failure in (ValueError, TimeoutError):
        with pytest.raises(failure):
            async with locks.hold("report"):
                raise failure
    async with locks.hold("report"):
        pass


async def test_cancelling_the_holder_frees_the_lock(locks: Locks) -> None:
    async def work() -> None:
        async with locks.hold("report"):
            await asyncio.Event().wait()

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    async with locks.hold("report"):
        pass


async def test_a_caller_that_is_cancelled_before_the_answer_comes_leaves_no_lock(
    locks: Locks, store: Store
) -> None:
    store.answers.clear()
    task = asyncio.ensure_future(locks.acquire("report"))
    await store.asked.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    store.answers.set()
    async with locks.hold("report"):
        pass


@pytest.mark.parametrize("wrong", [0, -1, "soon"])
def test_a_time_that_makes_no_sense_is_refused(store: Store, wrong: float | str) -> None:
    with pytest.raises(ValueError, match="ttl"):
        Locks(store, ttl=wrong)
