from pyfly.aop import aspect, before
from pyfly.container import rest_controller
from pyfly.web import get_mapping


@rest_controller
class Greetings:
    @get_mapping("/greeting")
    async def greet(self) -> str:
        return "hello"


@aspect
class Counting:
    def __init__(self) -> None:
        self.calls = 0

    @before("**.Greetings.greet")
    def count(self) -> None:
        self.calls += 1

    @before("bean(nobody)")
    def unused(self) -> None:
        raise AssertionError
