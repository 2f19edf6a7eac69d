"""An application for clients that are slow on purpose."""

import sys

from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import Body, WebSocketSession, get_mapping, post_mapping, websocket_mapping

LARGE = b"x" * 8_000_000


@rest_controller
class Here:
    @get_mapping("/hello")
    async def hello(self) -> str:
        return "hello"

    @get_mapping("/large")
    async def large(self) -> bytes:
        return LARGE

    @post_mapping("/size")
    async def size(self, body: Body[bytes]) -> int:
        return len(body)

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        async for text in session.messages(str):
            await session.send(text)


@pyfly_application(name="slow", scan_packages=["tests.faults.slow_app"])
class Application: ...


if __name__ == "__main__":
    PyFlyApplication(Application, args=sys.argv[1:]).run()
