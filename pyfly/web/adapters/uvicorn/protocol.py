"""uvicorn's HTTP protocol with limits to how slow a client may be, which cost fast ones nothing.

Nothing is armed per request: the connections are looked at now and then, and one that is found in the same state for too
long is given up.
"""

import asyncio
from enum import Enum
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pyfly.core.asgi import Refusal
from pyfly.web.adapters.uvicorn.watch import Watch
from pyfly.web.connections.properties import ConnectionProperties
from pyfly.web.connections.refusals import FULL, LARGE_HEAD, LONG_URL, MALFORMED, TIMEOUT, answer
from pyfly.web.stages.properties import LimitProperties

_FIRST_LINE: Final = 64
"""How many bytes the first line of a request may have besides its URL."""
_LONGEST: Final = 200
"""How much of a path is logged of a request that nobody has looked at."""


class State(Enum):
    """What a connection waits for its client to do."""

    HEADERS = "send headers"
    BODY = "send the body"
    READING = "take the response"


class GuardedProtocol(HttpToolsProtocol):
    """One connection, whose state somebody else looks at."""

    watch: Watch
    heads: LimitProperties
    _received = 0
    _received_for: Any = None
    _counted = 0
    _counted_for: Any = None
    _mark: tuple[Any, int] = (None, 0)
    _pauses = 0
    _seen: tuple[State | None, Any, int] = (None, None, 0)
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Serve the connection, unless there are too many."""
        super().connection_made(transport)
        self._seen, self._since = (State.HEADERS, None, 0), self.loop.time()
        self.watch.add(self)
        if 0 < self.watch.limits.max < len(self.connections):
            self._refuse(FULL)

    def data_received(self, data: bytes) -> None:
        """Read *data*, which may not bring more headers than the application would take."""
        super().data_received(data)
        cycle = self.cycle
        if cycle is None or cycle.scope is not self.scope:
            self._count_head(len(data))
        elif cycle.more_body:
            self._count_framing(len(data))

    def on_chunk_header(self) -> None:
        """Keep what follows the last chunk apart: the headers of the request have been looked at already."""
        self.headers = []

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in the words of the application."""
        cycle = self.cycle
        if cycle is not None and cycle.scope is self.scope and cycle.response_started:
            self.transport.close()
        else:
            self._refuse(MALFORMED)

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
        self._refuse(TIMEOUT)
        self._since = self.loop.time()

    def _count_head(self, size: int) -> None:
        heads = self.heads
        if not heads.enabled or self not in self.connections:
            return
        if self._counted_for is not self.scope:
            # What came before this request in the same packet is none of it.
            self._counted_for = self.scope
            self._counted = 0 if self.scope is None else len(self.url) + heads_size(self.headers)
        else:
            self._counted += size
        if self._counted > heads.url_size + heads.header_size + _FIRST_LINE:
            is_url = self.scope is not None and len(self.url) > heads.url_size
            self._refuse(LONG_URL if is_url else LARGE_HEAD)

    def _count_framing(self, size: int) -> None:
        """Count what comes in the place of a body and is none: endless trailers and extensions of chunks."""
        mark = self.scope, self._received if self._received_for is self.scope else 0
        if self._mark[0] is not mark[0] or self._mark[1] != mark[1]:
            self._mark, self._counted = mark, 0
            return
        self._counted += size
        if self.heads.enabled and self._counted > self.heads.header_size and not self.transport.is_closing():
            self._refuse(LARGE_HEAD)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer instead of the application, and end the connection."""
        cycle, scope = self.cycle, self.scope
        begun = cycle is not None and cycle.scope is scope
        known: Any = {
            "scheme": self.scheme,
            "server": self.server,
            "client": self.client,
            "http_version": "1.1",
        }
        if begun:
            known = scope
        elif scope is not None:
            path = self.url.partition(b"?")[0][:_LONGEST].decode("latin-1")
            known = {**known, "path": path, "headers": self.headers[: self.heads.header_count]}
        self.transport.write(answer(self.app, refusal, known, begun=begun))
        self.transport.close()
        if begun:
            cycle.disconnected = True
            cycle.message_event.set()


def heads_size(headers: list[tuple[bytes, bytes]]) -> int:
    """Return how many bytes *headers* have."""
    return sum(len(name) + len(value) for name, value in headers)
