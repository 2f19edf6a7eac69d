"""Hand-written decorators around advice that is a function of its own, as it has to be to serve many methods."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.contenders.aop.model import Shop, Stats, now, stats

DISTRIBUTIONS = ()


class Timing:
    def __init__(self, to: Stats) -> None:
        self.to = to

    def measure(self, proceed: Callable[[], Any]) -> Any:
        started = now()
        try:
            return proceed()
        finally:
            self.to.add(now() - started)

    async def ameasure(self, proceed: Callable[[], Awaitable[Any]]) -> Any:
        started = now()
        try:
            return await proceed()
        finally:
            self.to.add(now() - started)


class Counting:
    def count(self) -> None:
        stats[0].count()


def around(advice: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return advice(lambda: function(*args, **kwargs))

        return wrapper

    return decorate


def aaround(advice: Callable[..., Awaitable[Any]]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            return await advice(lambda: function(*args, **kwargs))

        return wrapper

    return decorate


def before(advice: Callable[[], None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            advice()
            return function(*args, **kwargs)

        return wrapper

    return decorate


_first, _second, _third = map(Timing, stats)


class Around(Shop):
    price = around(_first.measure)(Shop.price)
    load = aaround(_first.ameasure)(Shop.load)


class Around3(Shop):
    load = aaround(_first.ameasure)(aaround(_second.ameasure)(aaround(_third.ameasure)(Shop.load)))


class Before(Shop):
    price = before(Counting().count)(Shop.price)


_direct = Shop()
_around = Around()
_around3 = Around3()
_before = Before()


def direct_sync() -> int:
    return _direct.price(10)


async def direct_async() -> int:
    return await _direct.load(10)


def around_sync() -> int:
    return _around.price(10)


async def around_async() -> int:
    return await _around.load(10)


async def around3_async() -> int:
    return await _around3.load(10)


def before_sync() -> int:
    return _before.price(10)


def around_among_100() -> int:
    return _around.price(10)
