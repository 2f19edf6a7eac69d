from dataclasses import dataclass

from pyfly.container import rest_controller, service
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import get_mapping, request_mapping


@dataclass(frozen=True)
class Greeting:
    text: str


@service
class Greeter:
    def greet(self, name: str) -> Greeting:
        return Greeting(text=f"Hello, {name}!")


@rest_controller
@request_mapping("/greetings")
class GreetingController:
    def __init__(self, greeter: Greeter) -> None:
        self._greeter = greeter

    @get_mapping("/{name}")
    async def greet(self, name: str) -> Greeting:
        return self._greeter.greet(name)


@pyfly_application(name="hello", scan_packages=["hello"])
class Hello: ...


app = PyFlyApplication(Hello).asgi()
