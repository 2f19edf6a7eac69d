"""A shop that is reached over HTTP."""

from pyfly.container import rest_controller, service
from pyfly.core import pyfly_application
from pyfly.web import get_mapping


@service
class Greeter:
    def greet(self) -> str:
        return "good day"


@rest_controller
class GreetingController:
    def __init__(self, greeter: Greeter) -> None:
        self._greeter = greeter

    @get_mapping("/greeting")
    async def greeting(self) -> dict[str, str]:
        return {"text": self._greeter.greet()}


@pyfly_application(name="web-shop", scan_packages=["tests.testing.web_shop"])
class WebShop:
    pass
