"""The way of a websocket: id, checks, origin, routing, handler, close."""

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final, NamedTuple

from pyfly.kernel.exceptions import ForbiddenException, PyFlyException
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.ports.stages import Check, Done, HeaderWriter, Respond
from pyfly.web.responses import Receive, Reply, Scope, Send
from pyfly.web.routing.request_id import RequestIds, current_request_id
from pyfly.web.streams import OpenStreams
from pyfly.web.websocket.exceptions import (
    BROKEN,
    NORMAL,
    REFUSED,
    WebSocketDisconnected,
    WebSocketException,
)
from pyfly.web.websocket.passage import Passage
from pyfly.web.websocket.planning import SESSION
from pyfly.web.websocket.properties import WebSocketProperties
from pyfly.web.websocket.session import WebSocketSession

_SWITCHED: Final = 101


class Way(NamedTuple):
    """What every websocket passes.

    Attributes:
        checks: See it first; may change the scope, or raise to refuse.
        allows: Says whether the page that connects may, or ``None`` if all may.
        respond: Finds and runs the handler.
        writers: Write the headers of a refusal.
        observers: Are told about the end.
        ids: Finds or makes the id.
        translator: Makes a refusal of what is raised before the connection is accepted.
    """

    checks: Sequence[Check]
    allows: Callable[[Scope], bool] | None
    respond: Respond
    writers: Sequence[HeaderWriter]
    observers: Sequence[Done]
    ids: RequestIds | None
    translator: ErrorTranslator


class WebSockets:
    """Serves the websockets of an application."""

    def __init__(self, way: Way, properties: WebSocketProperties, streams: OpenStreams) -> None:
        """Let all of them go *way*."""
        self._way = way
        self._properties = properties
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection from its handshake to its end."""
        way, started = self._way, perf_counter()
        scope.setdefault("method", "GET")
        token = current_request_id.set(way.ids.of(scope) if way.ids else "")
        session = scope[SESSION] = WebSocketSession(scope, receive, send, self._properties, self._streams)
        status = _SWITCHED
        try:
            message = await receive()
            if message["type"] == "websocket.connect":
                status = await self._serve(session, scope, receive, send)
        finally:
            await session.finish()
            for tell in way.observers:
                tell(scope, status, perf_counter() - started)
            current_request_id.reset(token)

    async def _serve(self, session: WebSocketSession, scope: Scope, receive: Receive, send: Send) -> int:
        try:
            return await self._run(session, scope, receive, send)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not session.was_cut or task is None:
                raise
            task.uncancel()
        except WebSocketDisconnected:
            return _SWITCHED
        except WebSocketException as end:
            await session.close(end.code, end.reason)
        except Exception as failure:  # noqa: BLE001  # every failure of a handler becomes a close
            if not session.is_accepted and session.close_code is None:
                return await self._refuse(session, scope, send, failure)
            await self._close(session, scope, failure)
        return _SWITCHED

    async def _run(self, session: WebSocketSession, scope: Scope, receive: Receive, send: Send) -> int:
        for check in self._way.checks:
            check(scope)
        self._check_origin(scope)
        reply = await self._way.respond(scope, receive)
        if not isinstance(reply, tuple):
            await Passage(scope, receive, send, self._streams).through(reply)
        elif reply[0] >= 300 and not session.is_accepted:
            return await self._deny(session, scope, send, reply)
        else:
            await session.close(NORMAL)
        return _SWITCHED

    def _check_origin(self, scope: Scope) -> None:
        allows = self._way.allows
        if allows is not None and not allows(scope):
            raise ForbiddenException("Pages of this origin may not connect", code="ORIGIN_REFUSED")

    async def _close(self, session: WebSocketSession, scope: Scope, failure: Exception) -> None:
        # What a client may know is decided where responses are, and what it may not know is logged there.
        status = self._way.translator.reply(failure, scope, current_request_id.get())[0]
        told = self._way.translator.convert(failure)
        reason = str(told) if isinstance(told, PyFlyException) else ""
        await session.close(*((REFUSED, reason) if status < 500 else (BROKEN, "")))

    async def _refuse(self, session: WebSocketSession, scope: Scope, send: Send, failure: Exception) -> int:
        reply = self._way.translator.reply(failure, scope, current_request_id.get())
        return await self._deny(session, scope, send, reply)

    async def _deny(self, session: WebSocketSession, scope: Scope, send: Send, reply: Reply) -> int:
        if not isinstance(reply, tuple) or "websocket.http.response" not in scope.get("extensions", {}):
            await session.close(REFUSED)
            return 403
        status, headers, body = reply
        for write in self._way.writers:
            write(scope, headers)
        session.close_code = REFUSED
        await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": body})
        return status
