import asyncio
from typing import Any

import httpx

from pyfly.core.asgi import AsgiApplication
from pyfly.testing import PyFlyTest
from tests.testing.web_shop import Greeter, GreetingController, WebShop


class Fake:
    def __init__(self, text: str) -> None:
        self.text = text

    def greet(self) -> str:
        return self.text

    async def greeting(self) -> dict[str, str]:
        return {"text": self.text}


def client_of(app: PyFlyTest) -> httpx.AsyncClient:
    target: Any = app.context.get_bean(AsgiApplication)  # type: ignore[type-abstract]
    return httpx.AsyncClient(transport=httpx.ASGITransport(target), base_url="http://shop")


async def test_requests_of_concurrent_tests_see_each_their_own_override() -> None:
    async with PyFlyTest(WebShop) as app, client_of(app) as client:

        async def ask(text: str) -> str:
            with app.override(Greeter, Fake(text)):
                return str((await client.get("/greeting")).json()["text"])

        assert tuple(await asyncio.gather(ask("a"), ask("b"), ask("c"))) == ("a", "b", "c")
        assert (await client.get("/greeting")).json() == {"text": "good day"}


async def test_controllers_whose_routes_are_compiled_can_be_overridden_too() -> None:
    async with PyFlyTest(WebShop) as app, client_of(app) as client:
        with app.override(GreetingController, Fake("fake controller")):
            assert (await client.get("/greeting")).json() == {"text": "fake controller"}
        assert (await client.get("/greeting")).json() == {"text": "good day"}
