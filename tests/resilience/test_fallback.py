"""Other answers: a value, None included, or those of another function."""

import asyncio
from typing import Any

import pytest

from pyfly.resilience import Fallback, ResilienceEvent, fallback


class Shop:
    """Methods that fail, and what answers for them."""

    def __init__(self) -> None:
        self.name = "shop"

    def instead(self, item: str, *, exc: Exception) -> str:
        return f"{self.name}: {item}, {exc}"

    async def instead_async(self, item: str, *, exc: Exception) -> str:
        return self.instead(item, exc=exc)

    @fallback(fallback_method="instead")
    def by_name(self, item: str) -> str:
        raise OSError("down")

    @fallback(fallback_method=instead)
    def by_function(self, item: str) -> str:
        raise OSError("down")

    @fallback(fallback_method="instead_async")
    async def awaited(self, item: str) -> str:
        raise OSError("down")


@pytest.mark.parametrize("value", [None, 0, "cached"])
async def test_a_value_answers_none_included(value: object) -> None:
    @fallback(fallback_value=value)
    def one() -> object:
        raise OSError

    @fallback(fallback_value=value)
    async def two() -> object:
        raise OSError

    assert one() == value
    assert await two() == value


async def test_a_method_answers_by_name_or_as_a_function_with_the_same_arguments_and_the_failure() -> None:
    shop = Shop()
    assert shop.by_name("tea") == "shop: tea, down"
    assert shop.by_function("tea") == "shop: tea, down"
    assert await shop.awaited("tea") == "shop: tea, down"


async def test_a_function_may_answer_for_an_async_one_in_either_colour() -> None:
    async def slowly(value: int, *, exc: Exception) -> int:
        await asyncio.sleep(0)
        return value + 1

    for method in (slowly, lambda value, *, exc: value + 1):

        @fallback(fallback_method=method)
        async def call(value: int) -> int:
            raise OSError

        assert await call(1) == 2


def test_an_async_fallback_for_a_function_that_is_not_is_refused_where_it_is_written() -> None:
    async def slowly(*, exc: Exception) -> int:
        return 1

    with pytest.raises(TypeError, match="call is not async, so its fallback slowly"):

        @fallback(fallback_method=slowly)
        def call() -> int:
            return 1


def test_only_the_listed_failures_are_answered_and_success_is_left_alone() -> None:
    @fallback(fallback_value=0, on=(KeyError,))
    def call(error: Exception | None) -> int:
        if error:
            raise error
        return 1

    assert (call(None), call(KeyError())) == (1, 0)
    with pytest.raises(ValueError):
        call(ValueError())


async def test_cancellation_is_not_answered() -> None:
    @fallback(fallback_value=0)
    async def call() -> int:
        await asyncio.sleep(60)
        return 1

    task = asyncio.ensure_future(call())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Either fallback_method or fallback_value must be provided"),
        (
            {"fallback_method": print, "fallback_value": None},
            "Only one of fallback_method and fallback_value",
        ),
    ],
    ids=["neither", "both"],
)
def test_exactly_one_of_value_and_method_is_given(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fallback(**given)(lambda: 1)


def test_answers_are_told() -> None:
    policy = Fallback(fallback_value=1)
    told: list[ResilienceEvent] = []
    policy.add_listener(told.append)
    assert policy.call_sync(lambda: 1 // 0) == 1
    assert [(event.type.value, type(event.details["failure"])) for event in told] == [
        ("fell-back", ZeroDivisionError)
    ]
