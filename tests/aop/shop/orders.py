"""What is advised."""

from pyfly.container import Scope, configuration, service
from pyfly.container.bean import bean
from tests.aop.shop.audit import audited


@service
class OrderService:
    @audited
    async def place(self, item: str) -> str:
        if item == "nothing":
            raise LookupError(item)
        return f"order of {item}"

    async def forget(self) -> None:
        pass


class Clock:
    __slots__ = ("now",)

    def __init__(self, now: int) -> None:
        self.now = now

    def tick(self) -> int:
        return self.now


@configuration
class Clocks:
    @bean(scope=Scope.TRANSIENT)
    def clock(self) -> Clock:
        return Clock(5)
