"""A singleton is made once, whoever asks for it at the same time."""

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context

import pytest

from pyfly.container import CircularDependencyError, Container, Provider
from tests.container.support import add_factory, container_of

THREADS = 8


class Clock: ...


def test_threads_that_ask_together_get_one_instance() -> None:
    entered = threading.Barrier(THREADS)
    made: list[Clock] = []
    proceed = threading.Event()

    def clock() -> Clock:
        proceed.wait(5)
        made.append(Clock())
        return made[-1]

    container = Container()
    add_factory(container, clock, Clock)

    def ask(_: int) -> Clock:
        if entered.wait(5) == 0:
            proceed.set()
        return container.resolve(Clock)

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))
    assert found == made * THREADS
    assert len(made) == 1


async def test_tasks_that_ask_together_get_one_instance() -> None:
    made: list[Clock] = []

    async def clock() -> Clock:
        await asyncio.sleep(0)
        made.append(Clock())
        return made[-1]

    container = Container()
    add_factory(container, clock, Clock)
    found = await asyncio.gather(*(container.aresolve(Clock) for _ in range(20)))
    assert found == made * 20


async def test_those_who_waited_for_a_failed_creation_try_themselves() -> None:
    tries = 0

    async def clock() -> Clock:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0)
        if tries == 1:
            raise OSError("not yet")
        return Clock()

    container = Container()
    add_factory(container, clock, Clock)
    results = await asyncio.gather(*(container.aresolve(Clock) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in results] == [OSError, Clock, Clock]
    assert results[1] is results[2]
    assert tries == 2


async def test_a_cancelled_creation_leaves_nothing_behind() -> None:
    started = asyncio.Event()

    async def clock() -> Clock:
        if not started.is_set():
            started.set()
            await asyncio.Event().wait()
        return Clock()

    container = Container()
    add_factory(container, clock, Clock)
    task = asyncio.ensure_future(container.aresolve(Clock))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(await container.aresolve(Clock), Clock)


class Left:
    def __init__(self, right: "Provider[Right]") -> None:
        right.get()


class Right:
    def __init__(self, left: Left) -> None: ...


def test_a_constructor_that_asks_a_provider_for_who_waits_for_it_is_a_cycle_with_its_chain() -> None:
    with pytest.raises(CircularDependencyError, match="Left -> Right -> Left") as raised:
        container_of(Left, Right).resolve(Left)
    assert raised.value.diagnosis.fix == ("Call the provider after construction, not in the constructor.",)


def test_a_refused_cycle_does_not_make_later_look_ups_fail() -> None:
    container = container_of(Left, Right, Clock)
    for _ in range(2):
        with pytest.raises(CircularDependencyError):
            container.resolve(Left)
    assert isinstance(container.resolve(Clock), Clock)


class Started:
    """Has a creation that starts tasks and ends only when they wait for what they asked."""

    tasks: tuple["asyncio.Task[object]", ...] = ()


async def test_a_task_that_a_creation_starts_can_wait_for_the_bean_of_that_creation() -> None:
    container = Container()

    async def started(own: Provider[Started]) -> Started:
        made = Started()
        made.tasks = tuple(asyncio.ensure_future(own.aget()) for _ in range(2))
        await asyncio.sleep(0)
        return made

    add_factory(container, started, Started)
    found = await container.aresolve(Started)
    assert await asyncio.gather(*found.tasks) == [found, found]


async def test_tasks_that_a_creation_starts_wait_each_for_a_bean_of_its_own() -> None:
    container = Container()
    proceed = asyncio.Event()

    class Slow: ...

    async def slow() -> Slow:
        await proceed.wait()
        return Slow()

    async def started(own: Provider[Started], slow: Provider[Slow]) -> Started:
        made = Started()
        made.tasks = (asyncio.ensure_future(slow.aget()), asyncio.ensure_future(own.aget()))
        await asyncio.sleep(0)
        proceed.set()
        return made

    add_factory(container, slow, Slow)
    add_factory(container, started, Started)
    asked = asyncio.ensure_future(container.aresolve(Slow))
    found = await container.aresolve(Started)
    assert await asyncio.gather(*found.tasks) == [await asked, found]


def test_a_thread_that_a_creation_starts_can_wait_for_the_bean_of_that_creation() -> None:
    container = Container()
    pool = ThreadPoolExecutor(1)
    asked: list[Future[Clock]] = []

    def clock(own: Provider[Clock]) -> Clock:
        asked.append(pool.submit(copy_context().run, own.get))
        return Clock()

    add_factory(container, clock, Clock)
    with pool:
        found = container.resolve(Clock)
    assert asked[0].result(5) is found
