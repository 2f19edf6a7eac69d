"""An application with slow requests, streams and websockets, to be stopped at any moment."""

import asyncio
import sys
from collections.abc import AsyncIterator

from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import PathVar, WebSocketSession, get_mapping, sse_mapping, websocket_mapping


@rest_controller
class Here:
    @get_mapping("/slow/{milliseconds}")
    async def slow(self, milliseconds: PathVar[int]) -> str:
        await asyncio.sleep(milliseconds / 1000)
        return "done"

    @sse_mapping("/events")
    async def events(self) -> AsyncIterator[int]:
        number = 0
        while True:
            yield number
            number += 1
            await asyncio.sleep(0.02)

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        await session.send("ready")
        async for text in session.messages(str):
            await session.send(text)


@pyfly_application(name="shutdown", scan_packages=["tests.faults.shutdown_app"])
class Application: ...


if __name__ == "__main__":
    PyFlyApplication(Application, args=sys.argv[1:]).run()
