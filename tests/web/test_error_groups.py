"""Failures inside task groups arrive in groups; a group of one is that one."""

import asyncio

import pytest

from pyfly.kernel.exceptions import ConflictException, ResourceNotFoundException
from pyfly.web import controller_advice, exception_handler, get_mapping, rest_controller
from pyfly.web.errors.renderers import ProblemRenderer
from pyfly.web.errors.translation import ErrorTranslator
from tests.web.booted import booted


async def fail(error: Exception) -> None:
    raise error


@rest_controller
class Groups:
    @get_mapping("/one")
    async def one(self) -> None:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(self.nested())

    @get_mapping("/two")
    async def two(self) -> None:
        raise ExceptionGroup("two", [ConflictException("taken"), ResourceNotFoundException("gone")])

    async def nested(self) -> None:
        async with asyncio.TaskGroup() as inner:
            inner.create_task(fail(ConflictException("taken")))


@controller_advice
class Apologies:
    @exception_handler(ConflictException)
    async def on_conflict(self, failure: ConflictException) -> tuple[int, str]:
        return 409, f"sorry: {failure}"


async def test_the_failure_of_one_task_has_the_status_of_its_exception() -> None:
    async with booted(Groups) as (_, client):
        one = await client.get("/one")
        two = await client.get("/two")
    assert (one.status_code, one.json()["detail"]) == (409, "taken")
    assert (two.status_code, "taken" in two.text) == (500, False)


async def test_exception_handlers_take_it_out_of_its_group() -> None:
    async with booted(Groups, Apologies) as (_, client):
        assert (await client.get("/one")).json() == "sorry: taken"


@pytest.mark.parametrize("error", [ValueError("x"), ConflictException("x")], ids=str)
def test_a_group_in_a_group_is_opened(error: Exception) -> None:
    found = ErrorTranslator(ProblemRenderer()).convert(ExceptionGroup("a", [ExceptionGroup("b", [error])]))
    assert found is error
