"""Requests to an ASGI application without a network: each in a task of its own, as a server runs them."""

import asyncio
from collections.abc import Iterable
from contextvars import Context
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


async def ask(
    app: Any,
    method: str,
    path: str,
    *,
    chunks: Iterable[bytes] = (),
    headers: Iterable[tuple[bytes, bytes]] = (),
    cancel_after: int | None = None,
) -> Answer | None:
    """Send a request and return the answer; ``None`` if there was none, or it was cancelled.

    A chunk ``b"<gone>"`` is the client going away; *cancel_after* counts turns of the loop.
    """
    exchange = _Exchange(chunks)
    scope = _scope(method, path, [(b"host", b"test"), *headers])
    task = asyncio.create_task(app(scope, exchange.receive, exchange.send), context=Context())
    if cancel_after is not None:
        for _ in range(cancel_after):
            await asyncio.sleep(0)
        task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and (failure := task.exception()) is not None:
        raise failure
    return exchange.answer() if cancel_after is None else None


class _Exchange:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = list(chunks)
        self._sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        chunk = self._chunks.pop(0) if self._chunks else b""
        if chunk == b"<gone>":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": bool(self._chunks)}

    async def send(self, message: dict[str, Any]) -> None:
        self._sent.append(message)
        await asyncio.sleep(0)

    def answer(self) -> Answer | None:
        if not self._sent:
            return None
        start, *rest = self._sent
        return Answer(
            start["status"], dict(start["headers"]), b"".join(part.get("body", b"") for part in rest)
        )


def _scope(method: str, path: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
