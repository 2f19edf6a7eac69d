"""A stop while the context starts, several stops at once, and what is refused from then on."""

import asyncio
from typing import ClassVar

import pytest

from pyfly.container import Provider, component
from pyfly.context import ApplicationContext, ContextState, ContextStateError, pre_destroy
from tests.context.support import context_of

LOG: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    LOG.clear()
    Endless.begun = asyncio.Event()


class First:
    async def start(self) -> None:
        LOG.append("first starts")

    async def stop(self) -> None:
        await asyncio.sleep(0)
        LOG.append("first stops")


class Endless:
    begun: ClassVar[asyncio.Event]

    def __init__(self, first: First) -> None: ...

    async def start(self) -> None:
        LOG.append("endless starts")
        self.begun.set()
        await asyncio.Event().wait()

    async def stop(self) -> None:
        raise AssertionError("it was never started")


class Stubborn(Endless):
    async def start(self) -> None:
        try:
            await super().start()
        except asyncio.CancelledError:
            LOG.append("ignored")

    async def stop(self) -> None:
        LOG.append("stubborn stops")


async def begun(context: ApplicationContext) -> "asyncio.Task[None]":
    task = asyncio.ensure_future(context.start())
    await Endless.begun.wait()
    return task


async def test_a_stop_during_the_start_cancels_it_and_returns_when_it_has_been_undone() -> None:
    context = context_of(First, Endless)
    start = await begun(context)
    await context.stop()
    assert LOG == ["first starts", "endless starts", "first stops"]
    with pytest.raises(ContextStateError, match="stopped while it was starting"):
        await start
    assert context.state is ContextState.STOPPED


async def test_a_bean_that_ignores_the_cancellation_does_not_keep_the_start_going() -> None:
    context = context_of(First, Stubborn)
    start = await begun(context)
    await asyncio.gather(context.stop(), context.stop())
    assert LOG[2:] == ["ignored", "stubborn stops", "first stops"]
    with pytest.raises(ContextStateError):
        await start


async def test_a_start_that_is_stopped_leaves_its_task_uncancelled() -> None:
    context = context_of(First, Endless)

    async def starting() -> int:
        with pytest.raises(ContextStateError):
            await context.start()
        await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    task = asyncio.ensure_future(starting())
    await Endless.begun.wait()
    await context.stop()
    assert await task == 0


async def test_a_bean_that_stops_the_context_from_its_own_start_ends_the_start() -> None:
    @component
    class Quitter:
        def __init__(self, context: ApplicationContext) -> None:
            self.context = context

        async def start(self) -> None:
            await self.context.stop()

        async def stop(self) -> None:
            LOG.append("stops")

    context = context_of(Quitter)
    with pytest.raises(ContextStateError):
        await context.start()
    assert LOG == ["stops"]


async def test_every_stop_returns_when_the_one_stop_is_done() -> None:
    context = context_of(First)
    await context.start()
    first = asyncio.ensure_future(context.stop())
    await asyncio.sleep(0)
    states = [context.state]
    await context.stop()
    assert LOG == ["first starts", "first stops"]
    assert [*states, context.state] == [ContextState.STOPPING, ContextState.STOPPED]
    await first


async def test_a_bean_that_stops_the_context_while_it_is_stopped_does_not_wait_for_itself() -> None:
    @component
    class Echo:
        def __init__(self, context: ApplicationContext) -> None:
            self.context = context

        @pre_destroy
        async def close(self) -> None:
            await self.context.stop()
            LOG.append("closed")

    async with context_of(Echo):
        pass
    assert LOG == ["closed"]


@component(lazy=True)
class Lazy:
    @pre_destroy
    def close(self) -> None:
        LOG.append("lazy closed")


class Asking:
    def __init__(self, lazy: Provider[Lazy]) -> None:
        self.lazy = lazy

    @pre_destroy
    def ask(self) -> None:
        with pytest.raises(ContextStateError):
            self.lazy.get()
        LOG.append("refused")


async def test_once_a_stop_has_begun_beans_are_found_but_not_made() -> None:
    context = context_of(Lazy, Asking)
    async with context:
        asking = context.get_bean(Asking)
    assert LOG == ["refused"]
    assert context.get_bean(Asking) is asking
    with pytest.raises(ContextStateError, match="'Lazy' cannot be created: the context stops"):
        context.get_bean(Lazy)
