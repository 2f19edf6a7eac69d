import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from pyfly.data.callers import frames_of_callers
from pyfly.data.cancellation import settled, uninterrupted
from pyfly.data.hooks.places import call_stack

AsTask = Callable[[Any], Awaitable[Any]]

WAYS = pytest.mark.parametrize(
    "as_task", [uninterrupted, partial(settled, grace=1)], ids=["uninterrupted", "settled"]
)


async def functions() -> list[str]:
    return [frame.f_code.co_name for frame in frames_of_callers()]


@WAYS
async def test_who_waits_for_a_task_of_the_framework_is_known_in_it(as_task: AsTask) -> None:
    async def calling() -> Any:
        return await as_task(functions())

    found = await calling()
    names = [name for name in found if name not in ("uninterrupted", "settled")]
    assert names[:2] == ["calling", "test_who_waits_for_a_task_of_the_framework_is_known_in_it"]


@WAYS
async def test_so_is_who_waits_for_that_in_turn(as_task: AsTask) -> None:
    async def outer() -> Any:
        return await as_task(inner())

    async def inner() -> Any:
        return await as_task(functions())

    found = await outer()
    assert [name for name in found if name in ("inner", "outer")] == ["inner", "outer"]


@WAYS
async def test_the_place_in_the_application_is_told_from_within_such_a_task(as_task: AsTask) -> None:
    async def places() -> list[str]:
        return [place.function.rpartition(".")[2] for place in call_stack()]

    found = await as_task(places())
    assert found == ["places", "test_the_place_in_the_application_is_told_from_within_such_a_task"]


@WAYS
async def test_a_task_that_goes_on_after_its_caller_has_none(as_task: AsTask) -> None:
    is_over = asyncio.Event()

    async def later() -> list[str]:
        await is_over.wait()
        return await functions()

    async def beginning() -> "asyncio.Task[list[str]]":
        return asyncio.create_task(later())

    task = await as_task(beginning())
    is_over.set()
    assert await task == []


async def test_outside_of_such_tasks_there_is_nobody() -> None:
    assert await functions() == []
    assert await asyncio.create_task(functions()) == []
