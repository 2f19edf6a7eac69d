"""One connection of a websocket, as its handler sees it."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from contextlib import suppress
from functools import cached_property
from inspect import isawaitable
from types import SimpleNamespace
from typing import Any, Final, TypeVar, cast

from pyfly.web.responses import Message, Receive, Scope, Send, raw_headers
from pyfly.web.streams import OpenStreams
from pyfly.web.websocket.codec import decoder, encoded
from pyfly.web.websocket.exceptions import (
    GOING_AWAY,
    NORMAL,
    REFUSED,
    TOO_LARGE,
    WebSocketDisconnected,
    shortened,
)
from pyfly.web.websocket.properties import WebSocketProperties

T = TypeVar("T")

_log = logging.getLogger("pyfly.web")

_AHEAD: Final = 16
"""How many messages are read before somebody asks for them."""
_GRACE: Final = 5.0
"""Seconds that a handler may go on after its client has gone."""
_ABNORMAL: Final = 1006


class WebSocketSession:
    """One connection. What a handler keeps for it belongs on ``state``: its controller is shared by all.

    Reading, sending or :meth:`accept` accepts the connection; until then the handler may still refuse it by
    raising. A handler whose client has gone gets five seconds to notice, then it is cancelled.

    Attributes:
        state: Whatever the handler wants to keep for the connection.
        close_code: The code with which the connection was closed, or ``None`` while it is open.
        close_reason: The reason that came with it.
    """

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        properties: WebSocketProperties,
        streams: OpenStreams,
    ) -> None:
        """Wrap the connection of *scope*."""
        self.scope = scope
        self.state = SimpleNamespace()
        self.close_code: int | None = None
        self.close_reason = ""
        self._receive, self._send = receive, send
        self._properties = properties
        self._streams = streams
        self._messages: deque[Message] = deque()
        self._arrived, self._room = asyncio.Event(), asyncio.Event()
        self._waiting = 0
        self._is_begun = self._is_accepted = self._is_closed = False
        self._callbacks: list[Callable[[], Any]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._deadline: asyncio.TimerHandle | None = None
        self._was_cut = False

    @property
    def path(self) -> str:
        """The path that the client asked for."""
        return str(self.scope["path"])

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The headers of the handshake, by their names in lower case."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}

    @property
    def subprotocols(self) -> tuple[str, ...]:
        """The subprotocols that the client offers."""
        return tuple(self.scope.get("subprotocols", ()))

    @property
    def is_accepted(self) -> bool:
        """Whether the connection has been accepted."""
        return self._is_accepted

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self._is_accepted and not self._is_closed

    def on_disconnect(self, callback: Callable[[], Any]) -> None:
        """Call *callback*, which may be async, exactly once when the accepted connection is over, however it ended."""
        self._callbacks.append(callback)

    async def accept(self, subprotocol: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        """Accept the connection; accepting twice does nothing.

        Raises:
            WebSocketDisconnected: It has been closed.
        """
        if self._is_accepted or self._is_closed:
            self._require_open()
            return
        await self.raw_send(
            {"type": "websocket.accept", "subprotocol": subprotocol, "headers": raw_headers(headers or {})}
        )
        self._tasks.append(asyncio.create_task(self._read()))

    async def send(self, value: Any) -> None:
        """Send text, bytes, or anything else as JSON. Waits while the client is slow.

        Raises:
            WebSocketDisconnected: The client has gone, or was too slow and has been cut off.
        """
        await self.accept()
        self._require_open()
        if self._waiting >= self._properties.send_queue:
            raise self._cut_off()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._properties.send_timeout.total_seconds()):
                await self._send(encoded(value))
        except TimeoutError:
            raise self._cut_off() from None
        except OSError:
            self._gone(_ABNORMAL, "")
            raise WebSocketDisconnected(_ABNORMAL) from None
        finally:
            self._waiting -= 1

    async def receive(self, kind: type[T]) -> T:
        """Return the next message, validated as *kind*: ``str``, ``bytes``, or any type from JSON.

        Raises:
            WebSocketDisconnected: The connection is closed and all messages have been read.
            WebSocketException: The message does not fit; not caught, it closes the connection.
        """
        await self.accept()
        while not self._messages:
            self._require_open()
            self._arrived.clear()
            await self._arrived.wait()
        message = self._messages.popleft()
        self._room.set()
        value: T = decoder(cast("Hashable", kind))(message)
        return value

    async def messages(self, kind: type[T]) -> AsyncIterator[T]:
        """Yield messages, validated as *kind*, until the connection is closed."""
        while True:
            try:
                message = await self.receive(kind)
            except WebSocketDisconnected:
                return
            yield message

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Close the connection, or refuse it; closing twice does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self.close_code, self.close_reason = code, shortened(reason)
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(self._properties.send_timeout.total_seconds()):
                await self._send({"type": "websocket.close", "code": code, "reason": self.close_reason})
        self._wake()

    async def raw_receive(self) -> Message:
        """Return the next ASGI message, for handlers that speak ASGI or take a class of another framework."""
        if not self._is_begun:
            self._is_begun = True
            return {"type": "websocket.connect"}
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._gone(message.get("code") or NORMAL, message.get("reason") or "")
        return message

    async def raw_send(self, message: Message) -> None:
        """Send an ASGI message."""
        match message["type"]:
            case "websocket.accept":
                self._task = cast("asyncio.Task[None]", asyncio.current_task())
                self._forget = self._streams.add(self._go_away)
                self._is_accepted = True
                try:
                    await self._send(message)
                except BaseException:
                    self._is_accepted = False
                    self._forget()
                    raise
            case "websocket.close":
                await self.close(message.get("code", NORMAL), message.get("reason") or "")
            case _:
                self._require_open()
                await self._send(message)

    async def finish(self) -> None:
        """Release everything after the handler has ended, and tell whoever wants to know."""
        if self._deadline is not None:
            self._deadline.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._is_accepted:
            return
        self._forget()
        for callback in self._callbacks:
            try:
                result = callback()
                if isawaitable(result):
                    await result
            except Exception:  # noqa: BLE001  # one failing callback must not cost another its turn
                _log.exception("a callback for the end of a websocket failed")

    @property
    def was_cut(self) -> bool:
        """Whether the handler has been cancelled because its client had gone."""
        return self._was_cut

    async def _read(self) -> None:
        try:
            await self._read_on()
        except Exception:  # noqa: BLE001  # who waits for a message is to learn that none will come
            _log.exception("the messages of a websocket cannot be read any more")
            self._gone(_ABNORMAL, "")

    async def _read_on(self) -> None:
        idle = self._properties.idle_timeout.total_seconds() or None
        while True:
            while len(self._messages) >= _AHEAD:
                self._room.clear()
                await self._room.wait()
            try:
                async with asyncio.timeout(idle if not self._is_closed else None):
                    message = await self._receive()
            except TimeoutError:
                await self.close(GOING_AWAY, "idle")
                continue
            if message["type"] == "websocket.disconnect":
                self._gone(message.get("code") or NORMAL, message.get("reason") or "")
                return
            if len(message.get("text") or message.get("bytes") or b"") > self._properties.message_size:
                await self.close(TOO_LARGE)  # a server that knows the limit has refused it before
                continue
            self._messages.append(message)
            self._arrived.set()

    def _require_open(self) -> None:
        if self._is_closed:
            raise WebSocketDisconnected(self.close_code or NORMAL, self.close_reason)

    def _gone(self, code: int, reason: str) -> None:
        if not self._is_closed:
            self._is_closed = True
            self.close_code, self.close_reason = code, reason
        self._wake()

    def _wake(self) -> None:
        self._arrived.set()
        if self._is_accepted and self._deadline is None:
            self._deadline = asyncio.get_running_loop().call_later(_GRACE, self._cut)

    def _cut(self) -> None:
        self._was_cut = True
        self._task.cancel()

    def _cut_off(self) -> WebSocketDisconnected:
        self._gone(REFUSED, "too slow")
        return WebSocketDisconnected(REFUSED, "too slow")

    def _go_away(self) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(self.close(GOING_AWAY, "going away")))
