"""Noticing that a client has gone, without taking the request body from a handler that wants to read it."""

import asyncio
from collections import deque
from typing import Final

from pyfly.kernel.exceptions import PayloadTooLargeException
from pyfly.web.responses import Message, Receive, Scope

_EMPTY: Final = {"type": "http.request", "body": b"", "more_body": False}
_DISCONNECT: Final = {"type": "http.disconnect"}
_BODY_HEADERS: Final = frozenset({b"content-length", b"transfer-encoding"})


class Gate:
    """What the client sends: read by whoever waits for its end, and kept for a handler that may want it."""

    __slots__ = ("_arrived", "_failure", "_gone", "_keeps", "_messages", "_receive")

    def __init__(self, scope: Scope, receive: Receive, wants_request: bool) -> None:  # noqa: FBT001  # generated code calls it
        """Read from *receive*, which limits how much is kept; only a handler that *wants_request* reads the body."""
        self._receive = receive
        self._keeps = wants_request and _has_body(scope)
        self._messages: deque[Message] = deque() if self._keeps else deque([dict(_EMPTY)])
        self._arrived = asyncio.Event()
        self._failure: Exception | None = None
        self._gone = False

    async def receive(self) -> Message:
        """Return the next message for the handler.

        Raises:
            PayloadTooLargeException: The body is too large.
        """
        while not self._messages:
            if self._failure is not None:
                raise self._failure
            if self._gone:
                return dict(_DISCONNECT)
            self._arrived.clear()
            await self._arrived.wait()
        return self._messages.popleft()

    async def disconnected(self) -> None:
        """Return when the client has gone. Meanwhile, the handler gets what it sends."""
        try:
            while not self._gone:
                await self._read()
        finally:
            self._gone = True
            self._arrived.set()

    async def _read(self) -> None:
        try:
            message = await self._receive()
        except PayloadTooLargeException as failure:
            # Who does not read the body does not mind; the rest of it is thrown away.
            self._failure, self._keeps = failure, False
            self._arrived.set()
            return
        if message["type"] == "http.disconnect":
            self._gone = True
        elif self._keeps:
            self._messages.append(message)
            self._arrived.set()


def _has_body(scope: Scope) -> bool:
    return any(name in _BODY_HEADERS and value != b"0" for name, value in scope["headers"])
