"""``@around``: proceeding, once, twice or not at all; and the join point."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pyfly.aop import JoinPoint, around, aspect
from pyfly.container import order
from tests.aop.support import Lines, shop


@aspect
@order(1)
class Retrying:
    """Calls twice what fails once."""

    @around("**.sell")
    def again(self, point: JoinPoint) -> Any:
        try:
            return point.proceed()
        except LookupError:
            return point.proceed("tea")

    @around("**.load")
    async def aagain(self, point: JoinPoint) -> Any:
        try:
            return await point.proceed()
        except LookupError:
            return await point.proceed("tea")


@aspect
@order(2)
class Inner(Lines):
    @around("**.sell")
    def seen(self, point: JoinPoint) -> Any:
        self.lines.append(f"{point.args} {point.kwargs}")
        return point.proceed(*point.args, **point.kwargs)

    @around("**.load")
    async def aseen(self, point: JoinPoint) -> Any:
        self.lines.append(f"{point.args} {point.kwargs}")
        return await point.proceed(*point.args, **point.kwargs)


def test_proceeding_twice_runs_the_inner_advice_twice_with_the_new_arguments() -> None:
    inner = Inner()
    bean = shop(Retrying(), inner)
    assert bean.sell("nothing", count=2) == "tea"
    assert inner.lines == ["('nothing',) {'count': 2}", "('tea',) {}"]
    assert bean.calls == [("nothing", 2), ("tea", 1)]


async def test_the_same_around_an_async_method() -> None:
    inner = Inner()
    bean = shop(Retrying(), inner)
    assert await bean.load("nothing") == "tea"
    assert inner.lines == ["('nothing',) {}", "('tea',) {}"]
    assert bean.calls == ["nothing", "tea"]


def test_what_around_returns_is_the_result_and_it_need_not_proceed() -> None:
    @aspect
    class Refusing:
        @around("**.sell")
        def refuse(self, point: JoinPoint) -> str:
            return f"no {point.args[0]}"

    bean = shop(Refusing())
    assert (bean.sell("tea"), bean.calls) == ("no tea", [])


async def test_a_sync_around_an_async_method_passes_the_awaitable_on_or_answers_itself() -> None:
    @aspect
    class Cached:
        @around("**.load")
        def cached(self, point: JoinPoint) -> Any:
            return "cached" if point.args == ("tea",) else point.proceed()

    bean = shop(Retrying(), Cached())
    assert (await bean.load("tea"), await bean.load("milk")) == ("cached", "milk")


def test_around_a_generator() -> None:
    @aspect
    class Doubling:
        @around("**.fail or **.echo")
        def double(self, point: JoinPoint) -> Iterator[Any]:
            for each in point.proceed():
                yield each
                yield each

    @aspect
    class Passing:
        @around("**.fail")
        def on(self, point: JoinPoint) -> Any:
            return point.proceed()

    doubled = shop(Doubling(), Passing()).fail()
    assert [next(doubled), next(doubled)] == [1, 1]
    with pytest.raises(LookupError):
        next(doubled)


async def test_around_an_async_generator() -> None:
    @aspect
    class Doubling:
        @around("**.afail")
        async def double(self, point: JoinPoint) -> AsyncIterator[Any]:
            async for each in point.proceed():
                yield each
                yield each

    @aspect
    class Passing:
        @around("**.afail")
        async def on(self, point: JoinPoint) -> Any:
            await asyncio.sleep(0)
            return point.proceed()

    doubled = shop(Doubling(), Passing()).afail()
    assert [await anext(doubled), await anext(doubled)] == [1, 1]
    with pytest.raises(LookupError):
        await anext(doubled)


def test_a_join_point_is_a_dataclass_like_any_other() -> None:
    points: list[JoinPoint] = []

    @aspect
    class Keeping:
        @around("**.sell")
        def keep(self, point: JoinPoint) -> Any:
            points.append(point)
            return point.proceed()

    bean = shop(Keeping())
    bean.sell("tea", count=2)
    (point,) = points
    assert point == JoinPoint(bean, "sell", ("tea",), {"count": 2})
    assert [each.name for each in dataclasses.fields(point)] == [
        "target", "method_name", "args", "kwargs", "return_value", "exception", "proceed",
    ]  # fmt: skip
    assert (point.target, point.return_value, point.exception) == (bean, None, None)
    other = dataclasses.replace(point, args=("milk",))
    assert (other.args, other.method_name, other.proceed("x")) == (("milk",), "sell", "x")
    assert "method_name='sell'" in repr(point)
    assert not hasattr(point, "unknown")


def test_changed_arguments_of_a_join_point_are_those_of_the_call() -> None:
    @aspect
    class Changing:
        @around("**.sell")
        def change(self, point: JoinPoint) -> Any:
            point.args = (point.args[0].upper(),)
            point.kwargs["count"] = 2
            return point.proceed()

    assert shop(Changing()).sell("a") == "AA"
