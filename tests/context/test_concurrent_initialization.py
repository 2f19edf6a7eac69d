"""With ``pyfly.context.concurrent-initialization``, beans whose creation awaits are created side by side."""

import asyncio

import pytest

from pyfly.container import BeanCreationException, bean, configuration
from pyfly.context import post_construct
from tests.context.support import context_of

SIDE_BY_SIDE = {"pyfly.context.concurrent-initialization": True}


class Meeting:
    """Lets nobody go on before three have arrived."""

    def __init__(self) -> None:
        self.barrier = asyncio.Barrier(3)


class First:
    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting

    @post_construct
    async def arrive(self) -> None:
        await self.meeting.barrier.wait()


class Second(First): ...


class Made: ...


@configuration
class Factories:
    @bean
    async def made(self, meeting: Meeting) -> Made:
        await meeting.barrier.wait()
        return Made()


async def test_independent_beans_wait_at_the_same_time() -> None:
    async with (
        asyncio.timeout(5),
        context_of(Meeting, First, Second, Factories, settings=SIDE_BY_SIDE) as context,
    ):
        assert context.get_bean(Made) is context.get_bean(Made)


async def test_one_by_one_is_the_default() -> None:
    context = context_of(Meeting, First, Second, Factories, settings={"pyfly.context.start-timeout": "50ms"})
    with pytest.raises(BeanCreationException, match="not created within"):
        await context.start()


async def test_a_bean_still_waits_for_what_it_needs() -> None:
    order: list[str] = []

    class Base:
        @post_construct
        async def connect(self) -> None:
            await asyncio.sleep(0)
            order.append("base")

    class Dependant:
        def __init__(self, base: Base) -> None: ...

        @post_construct
        async def connect(self) -> None:
            order.append("dependant")

    async with context_of(Dependant, Base, settings=SIDE_BY_SIDE):
        assert order == ["base", "dependant"]


async def test_the_first_failure_cancels_the_others_and_is_raised_alone() -> None:
    cancelled: list[str] = []

    class Waiting:
        @post_construct
        async def wait(self) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append("waiting")
                raise

    class Broken:
        @post_construct
        async def fail(self) -> None:
            await asyncio.sleep(0)
            raise OSError("no route")

    with pytest.raises(BeanCreationException, match="'Broken' could not be created: no route"):
        await context_of(Waiting, Broken, settings=SIDE_BY_SIDE).start()
    assert cancelled == ["waiting"]
