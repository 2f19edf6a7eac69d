import asyncio

from pyfly.data.deleted import include_deleted, is_deleted_included


async def test_deleted_entities_are_included_in_the_block_and_nowhere_else() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def inside() -> bool:
        with include_deleted():
            entered.set()
            await leave.wait()
            return is_deleted_included()

    task = asyncio.create_task(inside())
    await entered.wait()
    assert not is_deleted_included()
    leave.set()
    assert await task
