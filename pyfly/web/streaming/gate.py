"""Noticing that a client has gone, without taking the request body from a handler that wants to read it."""

import asyncio
from typing import Final

from pyfly.web.responses import Message, Receive, Scope

_EMPTY: Final = {"type": "http.request", "body": b"", "more_body": False}
_DISCONNECT: Final = {"type": "http.disconnect"}
_BODY_HEADERS: Final = frozenset({b"content-length", b"transfer-encoding"})


class Gate:
    """The one reader of what the client sends, shared by a handler and by whoever waits for its end."""

    __slots__ = ("_body_read", "_delivered", "_gone", "_receive")

    def __init__(self, scope: Scope, receive: Receive, wants_request: bool) -> None:  # noqa: FBT001  # generated code calls it
        """Read from *receive*; a handler that *wants_request* may read the body, and comes first."""
        self._receive = receive
        self._gone = asyncio.Event()
        self._body_read = asyncio.Event()
        self._delivered = True
        if not wants_request or not _has_body(scope):
            self._delivered = False
            self._body_read.set()

    async def receive(self) -> Message:
        """Return the next message for the handler."""
        if self._body_read.is_set():
            if not self._delivered:
                self._delivered = True
                return dict(_EMPTY)
            await self._gone.wait()
            return dict(_DISCONNECT)
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._gone.set()
            self._body_read.set()
        elif not message.get("more_body", False):
            self._body_read.set()
        return message

    async def disconnected(self) -> None:
        """Return when the client has gone."""
        await self._body_read.wait()
        while not self._gone.is_set():
            if (await self._receive())["type"] == "http.disconnect":
                self._gone.set()


def _has_body(scope: Scope) -> bool:
    return any(name in _BODY_HEADERS and value != b"0" for name, value in scope["headers"])
