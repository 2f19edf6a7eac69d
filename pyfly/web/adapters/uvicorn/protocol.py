"""uvicorn's HTTP protocol with limits to how slow a client may be, which cost fast ones nothing.

Nothing is armed per request: the connections are looked at now and then, and one that is found in the same state for too
long is given up.
"""

import asyncio
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from pyfly.web.adapters.uvicorn.watch import Watch
from pyfly.web.connections.properties import ConnectionProperties


class State(Enum):
    """What a connection waits for its client to do."""

    HEADERS = "send headers"
    BODY = "send the body"
    READING = "take the response"


def refusal(status: HTTPStatus, *headers: bytes) -> bytes:
    """Return a whole response with *status*, after which the connection is closed."""
    body = b'{"type":"about:blank","title":"%s","status":%d}' % (status.phrase.encode(), status)
    lines = (
        b"HTTP/1.1 %d %s" % (status, status.phrase.encode()),
        b"content-type: application/problem+json",
        b"content-length: %d" % len(body),
        b"connection: close",
        *headers,
    )
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


_TIMEOUT: Final = refusal(HTTPStatus.REQUEST_TIMEOUT)
_FULL: Final = refusal(HTTPStatus.SERVICE_UNAVAILABLE, b"retry-after: 1")


class GuardedProtocol(HttpToolsProtocol):
    """One connection, whose state somebody else looks at."""

    watch: Watch
    _received = 0
    _received_for: Any = None
    _pauses = 0
    _seen: tuple[State | None, Any, int] = (None, None, 0)
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Serve the connection, unless there are too many."""
        super().connection_made(transport)
        self._seen, self._since = (State.HEADERS, None, 0), self.loop.time()
        self.watch.add(self)
        if 0 < self.watch.limits.max < len(self.connections):
            transport.write(_FULL)
            transport.close()

    def on_body(self, body: bytes) -> None:
        """Count what the body has brought."""
        if self._received_for is not self.scope:
            self._received_for, self._received = self.scope, 0
        self._received += len(body)
        super().on_body(body)

    def pause_writing(self) -> None:
        """Remember that the client had taken something before it stopped again."""
        self._pauses += 1
        super().pause_writing()

    def shutdown(self) -> None:
        """Close an idle connection; a request that has begun to arrive is answered first."""
        if self._state() is not State.HEADERS or self.scope is None:
            super().shutdown()

    def look(self, now: float, limits: ConnectionProperties) -> bool:
        """Give the connection up if it has been waiting for its client for too long."""
        if self not in self.connections:
            return False
        state, (before, scope, pauses) = self._state(), self._seen
        self._seen = state, self.scope, self._pauses
        # The wait for the headers of the first request begins with the connection.
        is_other = scope is not None and scope is not self.scope
        if state is not before or is_other or pauses != self._pauses:
            self._since = now
        elif state is not None and now - self._since > self._allowed(state, limits):
            self._give_up(state)
        return True

    def _state(self) -> State | None:
        cycle = self.cycle
        if self.flow.write_paused or self.transport.is_closing():
            return State.READING
        if cycle is None or cycle.scope is not self.scope:
            return State.HEADERS
        if cycle.more_body:
            waits = cycle.waiting_for_100_continue or self.flow.read_paused
            return None if waits else State.BODY
        # Bytes that begin no request have ended the wait for the next one.
        is_stuck = cycle.response_complete and self.timeout_keep_alive_task is None and not self.pipeline
        return State.HEADERS if is_stuck else None

    def _allowed(self, state: State, limits: ConnectionProperties) -> float:
        if state is State.HEADERS:
            return limits.header_timeout.total_seconds()
        if state is State.READING:
            return limits.write_timeout.total_seconds()
        received = self._received if self._received_for is self.scope else 0
        return limits.body_timeout.total_seconds() + received / max(1, limits.body_rate)

    def _give_up(self, state: State) -> None:
        self._since = float("inf")
        cycle = self.cycle
        is_answered = cycle is not None and cycle.scope is self.scope and cycle.response_started
        if state is State.READING or is_answered:
            self.transport.abort()
            return
        if cycle is not None and cycle.scope is self.scope:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.write(_TIMEOUT)
        self.transport.close()
        self._since = self.loop.time()


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """A websocket whose client does not have for ever to take what was sent to it before the end."""

    watch: Watch
    _closing_since: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve the connection."""
        super().connection_made(transport)
        self.watch.add(self)

    def look(self, now: float, limits: ConnectionProperties) -> bool:
        """Cut off a client that does not take the rest."""
        if self.transport.is_closing():
            if self._closing_since is None:
                self._closing_since = now
            elif now - self._closing_since > limits.write_timeout.total_seconds():
                self.transport.abort()
        return self in self.connections
