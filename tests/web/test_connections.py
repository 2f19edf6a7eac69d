"""What the server answers without asking the application looks like an answer of the application, and is logged once."""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from pyfly.container import rest_controller
from pyfly.web import (
    Body,
    Request,
    RequestObserver,
    WebSocketSession,
    get_mapping,
    post_mapping,
    websocket_mapping,
)
from pyfly.web.ports.stages import GONE
from tests.web.served import Served, eventually, served

SHOP = "https://shop.example"
HELLO = b"GET /hello HTTP/1.1\r\nHost: x\r\n"
UPGRADE = b"GET /echo HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
HANDSHAKE = UPGRADE + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
ORIGIN = b"Origin: https://shop.example\r\nX-Request-Id: sent-1\r\nX-Last: 1\r\n"
CHUNKED = b"POST /size HTTP/1.1\r\nHost: x\r\n%bTransfer-Encoding: chunked\r\n\r\n" % ORIGIN


@rest_controller
class Plain:
    @get_mapping("/hello")
    async def hello(self) -> str:
        return "hello"

    @post_mapping("/size")
    async def size(self, body: Body[bytes]) -> int:
        return len(body)


@rest_controller
class Sockets:
    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        await session.accept()


class Watcher(RequestObserver):
    def __init__(self) -> None:
        self.seen: list[int] = []

    def request_ended(
        self, method: str, route: str, status: int, seconds: float, failure: Exception | None
    ) -> None:
        self.seen.append(status)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def exchange(app: Served, pieces: Sequence[bytes]) -> Answer:
    """Send *pieces*, each in a packet of its own, and read until the server closes the connection."""
    where = urlsplit(app.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    reading = asyncio.create_task(reader.read())
    try:
        for piece in pieces:
            if not reading.done():
                writer.write(piece)
                await asyncio.sleep(0.02)
        raw = await asyncio.wait_for(reading, 10)
    finally:
        writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [line.partition(": ")[::2] for line in lines]
    assert len({name.lower() for name, _ in headers}) == len(headers), headers
    return Answer(int(first.split()[1]), {name.lower(): value for name, value in headers}, body)


LIMITS = {
    "cors__enabled": True,
    "cors__allowed_origins": [SHOP],
    "connections__header_timeout": "300ms",
    "connections__body_timeout": "300ms",
    "limits__url_size": "1KB",
    "limits__header_size": "2KB",
}
LONG = [b"x" * 1000] * 6
REFUSALS: dict[str, tuple[Sequence[bytes], int, str, bool]] = {
    "no HTTP": ([b"hello\r\n\r\n"], 400, "INVALID_REQUEST", False),
    "a broken header": ([HELLO + ORIGIN + b"no colon\r\n\r\n"], 400, "INVALID_REQUEST", True),
    "a broken chunk": ([CHUNKED, b"zz\r\n"], 400, "INVALID_REQUEST", True),
    "headers that do not come": ([HELLO + ORIGIN], 408, "REQUEST_TIMEOUT", True),
    "nothing at all": ([], 408, "REQUEST_TIMEOUT", False),
    "a body that does not come": ([CHUNKED, b"1\r\nx\r\n"], 408, "REQUEST_TIMEOUT", True),
    "an endless URL": ([b"GET /", *LONG], 414, "URI_TOO_LONG", False),
    "an endless header": ([HELLO + ORIGIN, b"X: ", *LONG], 431, "HEADERS_TOO_LARGE", True),
    "endless headers": ([HELLO + ORIGIN, *[b"X: %b\r\n" % LONG[0]] * 6], 431, "HEADERS_TOO_LARGE", True),
    "an endless trailer": ([CHUNKED, b"0\r\nX: ", *LONG], 431, "HEADERS_TOO_LARGE", True),
    "an endless extension": ([CHUNKED, b"1;x=", *LONG], 431, "HEADERS_TOO_LARGE", True),
    "no host": ([b"GET /hello HTTP/1.1\r\nConnection: close\r\n%b\r\n" % ORIGIN], 400, "INVALID_HOST", True),
    "two hosts": (
        [HELLO + b"Host: y\r\nConnection: close\r\n%b\r\n" % ORIGIN], 400, "INVALID_HOST", True
    ),
    "half a handshake": ([UPGRADE + ORIGIN + b"\r\n"], 400, "INVALID_HANDSHAKE", True),
    "a handshake of another version": (
        [HANDSHAKE.replace(b"13", b"12") + ORIGIN + b"\r\n"], 400, "INVALID_HANDSHAKE", True
    ),
    "a handshake with two keys": (
        [HANDSHAKE + b"Sec-WebSocket-Key: x\r\n" + ORIGIN + b"\r\n"], 400, "INVALID_HANDSHAKE", True
    ),
    "a websocket where there is none": (
        [HANDSHAKE.replace(b"/echo", b"/none") + ORIGIN + b"\r\n"], 404, "", True
    ),
}  # fmt: skip


def _is_complete(answer: Answer, status: int, code: str, *, says_origin: bool) -> None:
    problem = json.loads(answer.body)
    assert answer.status == problem["status"] == status
    assert problem.get("code") == code or not code
    headers = answer.headers
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"].lower() == "close"
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert "Origin" in headers["vary"]
    assert headers.get("access-control-allow-origin") == (SHOP if says_origin else None)
    assert headers["x-transaction-id"] == problem["transaction_id"]
    assert (headers["x-transaction-id"] == "sent-1") == says_origin


@pytest.mark.parametrize("case", REFUSALS)
async def test_a_refusal_has_the_headers_of_every_response_and_one_line_in_the_log(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    pieces, status, code, says_origin = REFUSALS[case]
    caplog.set_level(logging.INFO, "pyfly.web")
    async with served(Plain, Sockets, Watcher, **LIMITS) as app:
        answer = await exchange(app, pieces)
        _is_complete(answer, status, code, says_origin=says_origin)
        watcher = app.context.get_bean(Watcher)
        await eventually(lambda: watcher.seen)
        assert watcher.seen == [status] != [GONE]
        lines = [record for record in caplog.records if record.name == "pyfly.web"]
        assert [record.getMessage() for record in lines] == ["http_request"]
        entry: Any = lines[0]
        fields = next(
            value for value in vars(entry).values() if isinstance(value, dict) and "status_code" in value
        )
        assert (fields["status_code"], fields["transaction_id"]) == (
            status,
            answer.headers["x-transaction-id"],
        )


async def test_an_application_without_websockets_says_so() -> None:
    async with served(Plain, **LIMITS) as app:
        answer = await exchange(app, [HANDSHAKE + ORIGIN + b"\r\n"])
        _is_complete(answer, 403, "WEBSOCKET_REFUSED", says_origin=True)


async def test_too_many_connections_are_told_so_in_the_same_way() -> None:
    async with served(Plain, **{**LIMITS, "connections__max": 1, "connections__header_timeout": "5s"}) as app:
        where = urlsplit(app.url)
        _, held = await asyncio.open_connection(where.hostname, where.port)
        await asyncio.sleep(0.05)
        answer = await exchange(app, [])
        _is_complete(answer, 503, "TOO_MANY_CONNECTIONS", says_origin=False)
        assert answer.headers["retry-after"] == "1"
        held.close()


async def test_the_form_of_errors_is_that_of_the_application() -> None:
    async with served(Plain, errors__format="envelope") as app:
        answer = await exchange(app, [b"hello\r\n\r\n"])
        assert json.loads(answer.body)["error"]["code"] == "INVALID_REQUEST"


async def test_what_is_within_the_limits_is_served_however_it_is_cut() -> None:
    async with served(Plain, **LIMITS) as app:
        request = HELLO + b"Connection: close\r\nX: %b\r\n\r\n" % (b"x" * 1500)
        assert (
            await exchange(app, [request[at : at + 100] for at in range(0, len(request), 100)])
        ).status == 200
        body = b"5000\r\n" + b"x" * 0x5000 + b"\r\n0\r\nX-Trailer: %b\r\n\r\n" % (b"x" * 1000)
        head = CHUNKED.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n")
        pieces = [head, *(body[at : at + 3000] for at in range(0, len(body), 3000))]
        answer = await exchange(app, pieces)
        assert (answer.status, answer.body) == (200, b"20480")


async def test_limits_that_are_off_limit_nothing() -> None:
    async with served(Plain, **{**LIMITS, "limits__enabled": False}) as app:
        request = [HELLO, *[b"X: %b\r\n" % LONG[0]] * 60, b"Connection: close\r\n\r\n"]
        assert (await exchange(app, [b"".join(request)])).status == 200


async def test_what_follows_the_last_chunk_is_no_header_of_the_request() -> None:
    @rest_controller
    class Telling:
        @post_mapping("/names")
        async def names(self, body: Body[bytes], request: Request) -> list[str]:
            return sorted(request.headers)

    async with served(Plain, Telling) as app:
        head = b"POST /names HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        trailers = b"".join(b"X-%d: y\r\n" % number for number in range(50))
        answer = await exchange(app, [head, b"0\r\n" + trailers + b"\r\n"])
        assert (answer.status, answer.body) == (200, b'["connection","host","transfer-encoding"]')
