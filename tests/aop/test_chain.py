"""What advice does around methods of each kind, in which order, and whatever goes wrong."""

import asyncio
import traceback
from typing import Any

import pytest

from pyfly.aop import JoinPoint, after, after_returning, after_throwing, around, aspect, before
from pyfly.container import order
from tests.aop.support import Lines, shop


@aspect
class Log(Lines):
    @before("service.Shop.*")
    def first(self, point: JoinPoint) -> None:
        self.lines.append(f"before {point.method_name}")

    @after_returning("service.Shop.*")
    def returned(self, point: JoinPoint) -> None:
        self.lines.append(f"returned {point.return_value}")

    @after_throwing("service.Shop.*")
    def thrown(self, point: JoinPoint) -> None:
        self.lines.append(f"thrown {type(point.exception).__name__}")

    @after("service.Shop.*")
    def last(self) -> None:
        self.lines.append("after")


@aspect
class AsyncLog(Lines):
    @before("**.load or **.aecho or **.wait or **.afail")
    async def first(self) -> None:
        await asyncio.sleep(0)
        self.lines.append("before")

    @after_returning("**.load or **.aecho or **.wait or **.afail")
    async def returned(self, point: JoinPoint) -> None:
        await asyncio.sleep(0)
        self.lines.append(f"returned {point.return_value}")

    @after_throwing("**.load or **.aecho or **.wait or **.afail")
    async def thrown(self, point: JoinPoint) -> None:
        self.lines.append(f"thrown {type(point.exception).__name__}")

    @after("**.load or **.aecho or **.wait or **.afail")
    async def last(self) -> None:
        await asyncio.sleep(0)
        self.lines.append("after")


async def test_advice_around_an_async_method_sees_its_result_and_its_failure() -> None:
    log, alog = Log(), AsyncLog()
    bean = shop(log, alog)
    assert await bean.load("tea") == "tea"
    with pytest.raises(LookupError):
        await bean.load("nothing")
    assert log.lines == ["before load", "returned tea", "after", "before load", "thrown LookupError", "after"]
    assert alog.lines == ["before", "returned tea", "after", "before", "thrown LookupError", "after"]


async def test_cancellation_reaches_after_throwing_and_after() -> None:
    log, alog = Log(), AsyncLog()
    task = asyncio.create_task(shop(log, alog).wait())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert log.lines == ["before wait", "thrown CancelledError", "after"]
    assert alog.lines == ["before", "thrown CancelledError", "after"]


def test_a_generator_is_advised_while_it_runs_and_keeps_its_conversation() -> None:
    log = Log()
    echo = shop(log).echo()
    assert log.lines == []
    assert next(echo) == "first"
    assert log.lines == ["before echo"]
    assert echo.send("hello") == "hello"
    assert echo.throw(KeyError()) == "caught"
    with pytest.raises(StopIteration) as end:
        echo.send("stop")
    assert end.value.value == "done"
    assert log.lines == ["before echo", "returned done", "after"]


async def test_an_async_generator_is_advised_while_it_runs_and_keeps_its_conversation() -> None:
    log, alog = Log(), AsyncLog()
    echo = shop(log, alog).aecho()
    assert await anext(echo) == "first"
    assert await echo.asend("hello") == "hello"
    assert await echo.athrow(KeyError()) == "caught"
    with pytest.raises(StopAsyncIteration):
        await echo.asend("stop")
    assert log.lines == ["before aecho", "returned None", "after"]
    assert alog.lines == ["before", "returned None", "after"]


async def test_closing_a_generator_early_is_no_failure_and_closes_what_is_inside() -> None:
    log, alog = Log(), AsyncLog()
    bean = shop(log, alog)
    echo = bean.echo()
    next(echo)
    echo.close()
    aecho = bean.aecho()
    await anext(aecho)
    await aecho.aclose()
    assert log.lines == ["before echo", "after", "before aecho", "after"]
    assert alog.lines == ["before", "after"]
    assert bean.calls == ["closed"]


async def test_a_failing_generator_reaches_after_throwing() -> None:
    log, alog = Log(), AsyncLog()
    bean = shop(log, alog)
    with pytest.raises(LookupError):
        list(bean.fail())
    with pytest.raises(LookupError):
        [each async for each in bean.afail()]
    assert log.lines == [
        "before fail",
        "thrown LookupError",
        "after",
        "before afail",
        "thrown LookupError",
        "after",
    ]
    assert alog.lines == ["before", "thrown LookupError", "after"]


def test_an_error_in_before_prevents_the_call_and_reaches_after_throwing_and_after() -> None:
    @aspect
    class Refusing(Lines):
        @before("**.sell")
        def refuse(self) -> None:
            raise PermissionError

        @after_throwing("**.sell")
        def thrown(self, point: JoinPoint) -> None:
            self.lines.append(repr(point.exception))

        @after("**.sell")
        def last(self) -> None:
            self.lines.append("after")

    refusing = Refusing()
    bean = shop(refusing)
    with pytest.raises(PermissionError):
        bean.sell("tea")
    assert (bean.calls, refusing.lines) == ([], ["PermissionError()", "after"])


def test_an_error_in_after_throwing_replaces_the_first_which_stays_its_context() -> None:
    @aspect
    class Translating:
        @after_throwing("**.sell")
        def thrown(self, point: JoinPoint) -> None:
            raise ValueError("translated") from point.exception

    with pytest.raises(ValueError, match="translated") as failure:
        shop(Translating()).sell("nothing")
    assert isinstance(failure.value.__cause__, LookupError)


def test_an_advice_that_fails_never_costs_another_after_advice_its_turn() -> None:
    @aspect
    class Failing(Lines):
        @after("**.sell")
        def one(self) -> None:
            raise ValueError("one")

        @after("**.sell")
        def two(self) -> None:
            self.lines.append("two")

    failing = Failing()
    with pytest.raises(ValueError, match="one"):
        shop(failing).sell("tea")
    assert failing.lines == ["two"]


def test_after_sees_how_the_call_ended() -> None:
    @aspect
    class Ending:
        def __init__(self) -> None:
            self.ends: list[Any] = []

        @after("**.sell")
        def last(self, point: JoinPoint) -> None:
            self.ends.append((point.return_value, type(point.exception)))

    ending = Ending()
    bean = shop(ending)
    bean.sell("tea")
    with pytest.raises(LookupError):
        bean.sell("nothing")
    assert ending.ends == [("tea", type(None)), (None, LookupError)]


def test_aspects_nest_by_their_order() -> None:
    lines: list[str] = []

    def numbered(number: int) -> object:
        @aspect
        @order(number)
        class Numbered:
            @after("**.sell")
            def last(self) -> None:
                lines.append(f"after {number}")

            @before("**.sell")
            def first(self) -> None:
                lines.append(f"before {number}")

            @around("**.sell")
            def about(self, point: JoinPoint) -> Any:
                lines.append(f"in {number}")
                try:
                    return point.proceed()
                finally:
                    lines.append(f"out {number}")

        return Numbered()

    shop(numbered(2), numbered(1)).sell("tea")
    assert lines == [
        "in 1", "before 1", "in 2", "before 2", "after 2", "out 2", "after 1", "out 1",
    ]  # fmt: skip


def test_advice_without_a_join_point_leaves_the_signature_to_the_method() -> None:
    @aspect
    class Counting(Lines):
        @before("**.sell")
        def count(self) -> None:
            self.lines.append("x")

    counting = Counting()
    bean = shop(counting)
    assert (bean.sell("a"), bean.sell("a", 2), bean.sell(count=3, item="a")) == ("a", "aa", "aaa")
    with pytest.raises(TypeError, match="item"):
        bean.sell()  # type: ignore[call-arg]
    assert counting.lines == ["x", "x", "x"]


def test_a_traceback_shows_the_generated_chain() -> None:
    with pytest.raises(LookupError) as failure:
        list(shop(Log()).fail())
    text = "".join(traceback.format_exception(failure.value))
    assert "<pyfly generated" in text
    assert "yield from" in text
