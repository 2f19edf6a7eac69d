"""A middleware in pure ASGI that adds one header, for those whose own kind is this."""

from collections.abc import Awaitable, Callable
from typing import Any

_Message = dict[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Application = Callable[[_Message, _Receive, _Send], Awaitable[None]]


class AddHeader:
    """Adds ``x-filter-<number>: yes`` to every response."""

    def __init__(self, app: _Application, number: int) -> None:
        self.app = app
        self.header = (b"x-filter-%d" % number, b"yes")

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def adding(message: _Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append(self.header)
            await send(message)

        await self.app(scope, receive, adding)
