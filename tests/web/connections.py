"""Connections to an ASGI application that a test reads message by message and breaks when it likes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any


class Connection:
    """One request in progress."""

    def __init__(self, app: Any, scope: dict[str, Any], body: bytes = b"") -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.ended = False
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._received.put_nowait({"type": "http.request", "body": body, "more_body": False})
        self.task = asyncio.create_task(app(scope, self._received.get, self._sent.put))

    async def started(self) -> int:
        """Return the status, once the response has begun."""
        message = await self._sent.get()
        assert message["type"] == "http.response.start"
        self.status = message["status"]
        self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        return self.status

    async def chunk(self) -> bytes:
        """Return the next part of the body; ``ended`` tells whether it was the last."""
        message = await self._sent.get()
        assert message["type"] == "http.response.body"
        self.ended = not message.get("more_body", False)
        body: bytes = message["body"]
        return body

    async def rest(self) -> bytes:
        """Return the body up to its end."""
        found = b""
        while not self.ended:
            found += await self.chunk()
        return found

    @property
    def waiting(self) -> int:
        """How many messages have been sent and not been looked at."""
        return self._sent.qsize()

    def disconnect(self) -> None:
        """Go away."""
        self._received.put_nowait({"type": "http.disconnect"})


def scope_of(path: str, method: str = "GET", headers: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the ASGI scope of a request."""
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (b"host", b"test"),
            *((name.lower().encode(), value.encode("latin-1")) for name, value in headers),
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("test", 80),
    }


@asynccontextmanager
async def connected(
    app: Any,
    path: str,
    method: str = "GET",
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> AsyncIterator[Connection]:
    """Open a connection, and cancel what is left of it at the end."""
    connection = Connection(app, scope_of(path, method, headers), body)
    try:
        yield connection
    finally:
        connection.task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await connection.task
