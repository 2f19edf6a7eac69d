"""Hand-written decorators with the advice written into them: the floor."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.contenders.aop.model import Shop, Stats, now, stats

DISTRIBUTIONS = ()


def timed(to: Stats) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            started = now()
            try:
                return function(*args, **kwargs)
            finally:
                to.add(now() - started)

        return wrapper

    return decorate


def atimed(to: Stats) -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., Awaitable[Any]]]:
    def decorate(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            started = now()
            try:
                return await function(*args, **kwargs)
            finally:
                to.add(now() - started)

        return wrapper

    return decorate


def counted(to: Stats) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            to.count()
            return function(*args, **kwargs)

        return wrapper

    return decorate


class Around(Shop):
    price = timed(stats[0])(Shop.price)
    load = atimed(stats[0])(Shop.load)


class Around3(Shop):
    load = atimed(stats[0])(atimed(stats[1])(atimed(stats[2])(Shop.load)))


class Before(Shop):
    price = counted(stats[0])(Shop.price)


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
