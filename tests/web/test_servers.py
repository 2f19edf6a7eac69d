"""What every server does for an application: the same, whichever ``pyfly.web.server`` names."""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from pyfly.actuator.auto_configuration import ActuatorAutoConfiguration
from pyfly.container import rest_controller, service
from pyfly.core.config.errors import ConfigurationError
from pyfly.web import (
    Body,
    PathVar,
    Request,
    WebSocketSession,
    get_mapping,
    post_mapping,
    sse_mapping,
    websocket_mapping,
)
from pyfly.web.adapters.granian import GranianServer
from pyfly.web.properties import WebProperties
from tests.web.served import Served, eventually, served

SERVERS = pytest.mark.parametrize("server", ["uvicorn", "granian"])


@service
class Gate:
    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.waiting = 0
        self.ended: list[str] = []


@rest_controller
class Here:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @get_mapping("/hello/{name}")
    async def hello(self, name: PathVar[str], request: Request) -> dict[str, Any]:
        return {"name": name, "path": request.scope["path"], "query": request.url.query}

    @post_mapping("/size")
    async def size(self, body: Body[bytes]) -> int:
        return len(body)

    @get_mapping("/slow")
    async def slow(self) -> str:
        self.gate.waiting += 1
        try:
            await self.gate.open.wait()
        except asyncio.CancelledError:
            self.gate.ended.append("cancelled")
            raise
        return "done"

    @sse_mapping("/events")
    async def events(self) -> AsyncIterator[int]:
        try:
            for number in range(10**6):
                yield number
                await asyncio.sleep(0.01)
        finally:
            self.gate.ended.append("events")

    @get_mapping("/flood")
    async def flood(self) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 100_000
        finally:
            self.gate.ended.append("flood")

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        await session.send("ready")
        async for text in session.messages(str):
            await session.send(text)


async def stopped(app: Served) -> None:
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(app.task, 5)


@SERVERS
async def test_requests_are_answered(server: str, caplog: pytest.LogCaptureFixture) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    async with served(Gate, Here, server=server) as app, httpx.AsyncClient(base_url=app.url) as client:
        answer = await client.get("/hello/%C3%A4?a=%20b")
        assert answer.json() == {"name": "ä", "path": "/hello/ä", "query": "a=%20b"}
        assert (await client.post("/size", content=b"x" * 500_000)).json() == 500_000
        assert (await client.post("/size", content=b"x" * 2_000_000)).status_code == 413
        assert (await client.get("/none")).status_code == 404
        assert answer.headers.get("server") == (None if server == "uvicorn" else "granian")
    assert (list(root.handlers), root.level) == (handlers, level)


@SERVERS
@pytest.mark.parametrize("declared", [3, 900_000, 2_000_000])
@pytest.mark.parametrize("path", ["/size", "/none"])
async def test_a_connection_is_kept_unless_the_answer_says_that_it_is_not(
    server: str, path: str, declared: int
) -> None:
    async with served(Gate, Here, server=server) as app:
        port = urlsplit(app.url).port
        assert port is not None
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {declared}\r\n\r\n"
        request = head.encode() + b"x" * declared
        for _ in range(40):  # how much of the body the server has seen when it answers is a matter of chance
            await asyncio.to_thread(post_and_go_on, port, request)


def post_and_go_on(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        converse(connection, request)


def converse(connection: socket.socket, request: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered and closed before the end
        connection.sendall(request)
    answer = HTTPResponse(connection)
    answer.begin()
    answer.read()
    if answer.getheader("connection") == "close":
        assert answer.status in (404, 413)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""
    else:
        connection.sendall(b"GET /hello/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        following = HTTPResponse(connection)
        following.begin()
        assert json.load(following)["name"] == "x"


@SERVERS
async def test_a_stop_lets_requests_end_and_ends_streams_and_websockets_properly(server: str) -> None:
    async with served(Gate, Here, server=server) as app, httpx.AsyncClient(base_url=app.url) as client:
        gate = app.context.get_bean(Gate)
        slow = asyncio.create_task(client.get("/slow"))
        stream = asyncio.create_task(client.get("/events"))
        async with connect(f"{app.ws}/echo") as connection:
            await connection.recv()
            await eventually(lambda: gate.waiting)
            await asyncio.sleep(0.1)
            app.task.cancel()
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(connection.recv(), 5)
            assert connection.close_code == 1001
        assert "data: 1" in (await stream).text
        assert gate.ended == ["events"]
        gate.open.set()
        assert (await slow).json() == "done"
        await stopped(app)
        with pytest.raises(httpx.ConnectError):
            await httpx.AsyncClient().get(f"{app.url}/hello/x")


@SERVERS
async def test_a_request_that_takes_too_long_is_given_up(server: str) -> None:
    settings = {"server": server, "shutdown_timeout": "100ms"}
    async with served(Gate, Here, **settings) as app, httpx.AsyncClient(base_url=app.url) as client:
        gate = app.context.get_bean(Gate)
        slow = asyncio.create_task(client.get("/slow"))
        await eventually(lambda: gate.waiting)
        app.task.cancel()
        await stopped(app)
        assert gate.ended == ["cancelled"]
        await asyncio.gather(slow, return_exceptions=True)


@SERVERS
async def test_a_second_cancellation_does_not_wait(server: str) -> None:
    settings = {"server": server, "shutdown_timeout": "60s"}
    async with served(Gate, Here, **settings) as app, httpx.AsyncClient(base_url=app.url) as client:
        gate = app.context.get_bean(Gate)
        slow = asyncio.create_task(client.get("/slow"))
        await eventually(lambda: gate.waiting)
        app.task.cancel()
        await asyncio.sleep(0.2)
        app.task.cancel()
        await stopped(app)
        await asyncio.gather(slow, return_exceptions=True)


@SERVERS
async def test_during_the_shutdown_delay_requests_are_served_but_readiness_is_down(server: str) -> None:
    settings = {"server": server, "shutdown_delay": "600ms"}
    classes = (Gate, Here, ActuatorAutoConfiguration)
    async with served(*classes, **settings) as app, httpx.AsyncClient(base_url=app.url) as client:
        probes = [f"/actuator/health{group}" for group in ("/readiness", "/liveness", "")]
        assert [(await client.get(probe)).status_code for probe in probes] == [200, 200, 200]
        app.context.refuse_traffic()
        app.task.cancel()
        assert [(await client.get(probe)).status_code for probe in probes] == [503, 200, 200]
        assert (await client.get("/hello/x")).status_code == 200
        await stopped(app)


@SERVERS
async def test_a_message_that_is_too_large_closes_a_websocket(server: str) -> None:
    settings = {"server": server, "websocket__message_size": "1KB"}
    async with served(Gate, Here, **settings) as app, connect(f"{app.ws}/echo") as connection:
        await connection.recv()
        await connection.send("x" * 1024)
        assert await connection.recv() == "x" * 1024
        await connection.send("x" * 1025)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(connection.recv(), 5)
        assert connection.close_code == 1009


async def raw(app: Served, *pieces: bytes) -> bytes:
    """Send *pieces* and return what comes until the connection is closed."""
    where = urlsplit(app.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    reading = asyncio.create_task(reader.read())
    try:
        for piece in pieces:
            if not reading.done():
                writer.write(piece)
                await asyncio.sleep(0.05)
        return await asyncio.wait_for(reading, 5)
    finally:
        writer.close()


UPLOAD = b"POST /size HTTP/1.1\r\nHost: x\r\nX-Request-Id: sent-1\r\nContent-Length: 9\r\n\r\n"


async def test_a_body_that_does_not_come_is_408_like_every_error() -> None:
    settings = {"connections__body_timeout": "200ms"}
    async with served(Gate, Here, **settings) as app:
        head, _, body = (await raw(app, UPLOAD, b"x")).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        lines = head.lower().split(b"\r\n")
        for line in (b"x-content-type-options: nosniff", b"x-transaction-id: sent-1", b"connection: close"):
            assert line in lines, lines
        assert json.loads(body)["code"] == "REQUEST_TIMEOUT"


async def test_a_body_that_brings_enough_has_more_time() -> None:
    settings: dict[str, Any] = {"connections__body_timeout": "150ms", "connections__body_rate": 4}
    async with served(Gate, Here, **settings) as app:
        upload = UPLOAD.replace(b"X-Request-Id: sent-1", b"Connection: close")
        answer = await raw(app, upload, *[b"x"] * 9)
        assert answer.startswith(b"HTTP/1.1 200 "), answer


async def test_a_client_that_does_not_take_a_stream_is_given_up() -> None:
    settings = {"connections__write_timeout": "300ms"}
    async with served(Gate, Here, **settings) as app:
        where = urlsplit(app.url)
        _, writer = await asyncio.open_connection(where.hostname, where.port, limit=1024)
        writer.write(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
        gate = app.context.get_bean(Gate)
        await eventually(lambda: gate.ended)
        assert gate.ended == ["flood"]
        writer.close()


@SERVERS
async def test_a_head_that_does_not_end_is_refused(server: str) -> None:
    async with served(Gate, Here, server=server) as app:
        pieces = [b"GET /hello/x HTTP/1.1\r\nHost: x\r\nX: ", *[b"x" * 30_000] * 4]
        assert (await raw(app, *pieces)).startswith(b"HTTP/1.1 431 ")


@SERVERS
async def test_one_host_is_named(server: str) -> None:
    async with served(Gate, Here, server=server) as app:
        for hosts, status in ((b"", b"400"), (b"Host: x\r\nHost: y\r\n", b"400"), (b"Host: x\r\n", b"200")):
            answer = await raw(app, b"GET /hello/x HTTP/1.1\r\n%bConnection: close\r\n\r\n" % hosts)
            assert answer.startswith(b"HTTP/1.1 %b " % status), answer


async def test_more_connections_than_allowed_are_told_to_come_back() -> None:
    async with served(Gate, Here, connections__max=2) as app:
        where = urlsplit(app.url)
        held = [socket.create_connection((where.hostname or "", where.port or 0)) for _ in range(2)]
        await asyncio.sleep(0.05)
        async with httpx.AsyncClient(base_url=app.url) as client:
            answer = await client.get("/hello/x")
        assert (answer.status_code, answer.headers["connection"], answer.headers["retry-after"]) == (
            503,
            "close",
            "1",
        )
        for connection in held:
            connection.close()
        await asyncio.sleep(0.05)
        async with httpx.AsyncClient(base_url=app.url) as client:
            assert (await client.get("/hello/x")).status_code == 200


def test_a_server_that_is_not_installed_is_a_clear_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyfly.web.adapters.granian.server.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match="not installed"):
        GranianServer(WebProperties())
