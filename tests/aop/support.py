"""What the tests of chains advise, and how."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from typing import Any, TypeVar

from pyfly.aop import AspectRegistry, weave_bean

T = TypeVar("T")


def woven(bean: T, *aspects: object, prefix: str = "service.Shapes") -> T:
    """Return *bean* with *aspects* woven into it."""
    registry = AspectRegistry()
    for each in aspects:
        registry.register(each)
    weave_bean(bean, prefix, registry)
    return bean


class Shop:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def sell(self, item: str, count: int = 1) -> str:
        self.calls.append((item, count))
        if item == "nothing":
            raise LookupError(item)
        return item * count

    async def load(self, item: str) -> str:
        self.calls.append(item)
        await asyncio.sleep(0)
        if item == "nothing":
            raise LookupError(item)
        return item

    async def wait(self) -> None:
        await asyncio.Event().wait()

    def echo(self) -> Generator[str, str, str]:
        received = yield "first"
        while received != "stop":
            try:
                received = yield received
            except KeyError:
                received = "caught"
        return "done"

    async def aecho(self) -> AsyncGenerator[str, str]:
        try:
            received = yield "first"
            while received != "stop":
                try:
                    received = yield received
                except KeyError:
                    received = "caught"
        finally:
            self.calls.append("closed")

    def fail(self) -> Iterator[int]:
        yield 1
        raise LookupError

    async def afail(self) -> AsyncIterator[int]:
        yield 1
        raise LookupError


def shop(*aspects: object) -> Shop:
    return woven(Shop(), *aspects, prefix="service.Shop")


class Lines:
    def __init__(self) -> None:
        self.lines: list[str] = []
