"""A websocket that a mounted application serves: passed on, and ended properly when the server stops."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from pyfly.web.responses import AsgiCallable, Message, Receive, Scope, Send
from pyfly.web.streams import OpenStreams
from pyfly.web.websocket.exceptions import BROKEN, GOING_AWAY

_log = logging.getLogger("pyfly.web")


class Passage:
    """One connection, whose first message has been read already."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, streams: OpenStreams) -> None:
        """Pass on what comes and goes; *streams* tells when the server stops."""
        self._scope, self._receive, self._send = scope, receive, send
        self._streams = streams
        self._is_connected = self._is_accepted = self._is_closed = False
        self._tasks: set[asyncio.Task[Any]] = set()

    async def through(self, app: AsgiCallable) -> None:
        """Let *app* serve the connection.

        Raises:
            Exception: What *app* raised before it accepted the connection.
        """
        forget = self._streams.add(self._go_away)
        try:
            await app(self._scope, self._next, self._pass_on)
        except Exception:
            if not self._is_accepted:
                raise
            _log.exception("a mounted application failed while its websocket was open")
            with suppress(OSError):
                await self._pass_on({"type": "websocket.close", "code": BROKEN, "reason": ""})
        finally:
            forget()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _next(self) -> Message:
        if not self._is_connected:
            self._is_connected = True
            return {"type": "websocket.connect"}
        return await self._receive()

    async def _pass_on(self, message: Message) -> None:
        if self._is_closed:
            return
        self._is_accepted = self._is_accepted or message["type"] == "websocket.accept"
        self._is_closed = message["type"] == "websocket.close"
        await self._send(message)

    def _go_away(self) -> None:
        if self._is_accepted and not self._is_closed:
            self._is_closed = True
            close = {"type": "websocket.close", "code": GOING_AWAY, "reason": "going away"}
            self._tasks.add(asyncio.ensure_future(self._send(close)))
