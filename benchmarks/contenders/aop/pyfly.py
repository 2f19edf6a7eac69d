"""pyfly."""

import asyncio
import logging

from benchmarks.contenders.aop.model import Shop, now, stats
from pyfly.aop import JoinPoint, around, aspect, before
from pyfly.container import order
from pyfly.context import ApplicationContext
from pyfly.core.config import Config

DISTRIBUTIONS = ("pyfly",)

logging.getLogger("pyfly.aop").setLevel(logging.ERROR)  # 100 pointcuts mean nothing, as they should


class Direct(Shop): ...


class Around(Shop): ...


class Around3(Shop): ...


class Before(Shop): ...


class Crowded(Shop): ...


def timing(number: int, name: str) -> type:
    to = stats[number]

    @aspect
    @order(number)
    class Timing:
        @around(f"bean({name}) and **.price")
        def measure(self, point: JoinPoint) -> object:
            started = now()
            try:
                return point.proceed()
            finally:
                to.add(now() - started)

        @around(f"bean({name}) and **.load")
        async def ameasure(self, point: JoinPoint) -> object:
            started = now()
            try:
                return await point.proceed()
            finally:
                to.add(now() - started)

    Timing.__name__ = f"Timing{number}{name}"
    return Timing


@aspect
class Counting:
    @before("bean(Before) and **.price")
    def count(self) -> None:
        stats[0].count()


def other(number: int) -> type:
    @aspect
    class Other:
        @around(f"bean(Other{number}) and **.price")
        def measure(self, point: JoinPoint) -> object:
            return point.proceed()

    Other.__name__ = f"OtherAspect{number}"
    return Other


async def _started(*classes: type) -> ApplicationContext:
    context = ApplicationContext(Config({}))
    for cls in classes:
        context.register_bean(cls)
    await context.start()
    return context


_loop = asyncio.get_event_loop()
_context = _loop.run_until_complete(
    _started(
        Direct, Around, Around3, Before, Counting,
        timing(0, "Around"), timing(0, "Around3"), timing(1, "Around3"), timing(2, "Around3"),
    )
)  # fmt: skip
_crowd = _loop.run_until_complete(_started(Crowded, timing(0, "Crowded"), *map(other, range(100))))
_direct = _context.get_bean(Direct)
_around = _context.get_bean(Around)
_around3 = _context.get_bean(Around3)
_before = _context.get_bean(Before)
_crowded = _crowd.get_bean(Crowded)


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
    return _crowded.price(10)
