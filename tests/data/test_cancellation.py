import asyncio

import pytest

from pyfly.data.cancellation import settled, uninterrupted


async def test_uninterrupted_work_gives_its_result() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 42

    assert await uninterrupted(work()) == 42


async def test_uninterrupted_work_raises_what_it_raises() -> None:
    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await uninterrupted(work())


async def test_a_cancelled_caller_is_cancelled_only_after_the_work_is_done() -> None:
    steps: list[int] = []
    started = asyncio.Event()

    async def work() -> None:
        started.set()
        for step in range(3):
            await asyncio.sleep(0)
            steps.append(step)

    task = asyncio.create_task(uninterrupted(work()))
    await started.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == [0, 1, 2]


async def test_work_of_a_cancelled_caller_is_given_time_to_settle() -> None:
    steps: list[int] = []
    started = asyncio.Event()

    async def work() -> None:
        started.set()
        for step in range(3):
            await asyncio.sleep(0)
            steps.append(step)
        raise LookupError

    task = asyncio.create_task(settled(work(), 5))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == [0, 1, 2]


async def test_work_that_does_not_settle_is_cancelled_with_its_caller() -> None:
    ended = asyncio.Event()
    started = asyncio.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(settled(work(), 0))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_settled_work_gives_its_result_or_raises() -> None:
    async def work(*, fails: bool) -> int:
        if fails:
            raise LookupError
        return 42

    assert await settled(work(fails=False), 1) == 42
    with pytest.raises(LookupError):
        await settled(work(fails=True), 1)
