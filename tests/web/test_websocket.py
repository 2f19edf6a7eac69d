"""Websockets over a real server, opened by a real client."""

import asyncio
import logging
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import BaseModel, Field
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from pyfly.container import Scope, rest_controller, service
from pyfly.container.exceptions import BeanGraphError
from pyfly.context import pre_destroy
from pyfly.core import pyfly_application
from pyfly.core.asgi import AsgiApplication
from pyfly.kernel.correlation import correlation
from pyfly.kernel.exceptions import ConflictException, ForbiddenException
from pyfly.testing import PyFlyTest
from pyfly.web import (
    Header,
    PathVar,
    QueryParam,
    WebSocketDisconnected,
    WebSocketException,
    WebSocketSession,
    get_mapping,
    request_mapping,
    websocket_mapping,
)
from pyfly.web.streams import OpenStreams
from pyfly.web.websocket.properties import WebSocketProperties
from tests.web.connections import scope_of
from tests.web.served import eventually, served


class Said(BaseModel):
    user: str = Field(min_length=2)
    text: str


@service
class Journal:
    def __init__(self) -> None:
        self.entries: list[Any] = []
        self.sessions: list[WebSocketSession] = []
        self.release = asyncio.Event()


@service(scope=Scope.REQUEST)
class Visit:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    @pre_destroy
    def end(self) -> None:
        self.journal.entries.append("visit ended")


@rest_controller
@request_mapping("/chat")
class Chat:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    @websocket_mapping("/rooms/{room}")
    async def talk(
        self, session: WebSocketSession, room: PathVar[int], visit: Visit, name: QueryParam[str] = "nobody"
    ) -> None:
        await session.send({"room": room, "name": name, "id": len(correlation.get()), "visit": bool(visit)})
        async for said in session.messages(Said):
            await session.send(f"{said.user}: {said.text}")

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession, x_word: Header[str] = "-") -> None:
        await session.accept(session.subprotocols[0] if session.subprotocols else None, {"x-word": x_word})
        session.on_disconnect(lambda: self.journal.entries.append(("gone", session.close_code)))
        async for text in session.messages(str):
            await session.send(text.encode() if text == "bytes" else text)

    @websocket_mapping("/fail/{how}")
    async def fail(self, session: WebSocketSession, how: str) -> None:
        if how == "forbidden":
            raise ForbiddenException("Members only", code="MEMBERS_ONLY")
        await session.accept()
        session.on_disconnect(self.broken)
        session.on_disconnect(self.noted)
        match how:
            case "policy":
                raise WebSocketException(4001, "not now")
            case "conflict":
                raise ConflictException("taken")
            case "invalid":
                Said.model_validate({"user": "pa55word"})
            case "bug":
                raise RuntimeError("the password is pa55word")
            case "close":
                await session.close(3000, "enough")
                await session.close(1011)
                await session.send("too late")

    @websocket_mapping("/push")
    async def push(self, session: WebSocketSession) -> None:
        await session.accept()
        self.journal.sessions.append(session)
        try:
            await self.journal.release.wait()
            while True:
                await session.send("x" * 200_000)
        except WebSocketDisconnected as end:
            self.journal.entries.append(("pushed", end.code))

    @websocket_mapping("/starlette/{word}")
    async def starlette(self, socket: WebSocket, word: str) -> None:
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_json([word, text])

    async def noted(self) -> None:
        self.journal.entries.append("noted")

    def broken(self) -> None:
        raise LookupError("in a callback")

    @get_mapping("/plain")
    async def plain(self) -> str:
        return "plain"


ALL = (Journal, Visit, Chat)


@websocket_mapping("/function/{number}")
async def function(session: WebSocketSession, number: int, journal: Journal) -> None:
    await session.send([number, len(journal.entries)])


async def closed(connection: ClientConnection) -> tuple[int | None, str | None]:
    """Read until the server closes, and return the code and the reason."""
    with suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(connection.recv(), 5)
    return connection.close_code, connection.close_reason


def silent(url: str, path: str) -> socket.socket:
    """Open a websocket and never read from it."""
    where = urlsplit(url)
    connection = socket.create_connection((where.hostname or "", where.port or 0))
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return connection


async def test_a_handler_gets_what_a_route_gets_and_messages_are_validated() -> None:
    async with served(*ALL) as app, connect(f"{app.ws}/chat/rooms/7?name=Ada") as connection:
        assert await connection.recv() == '{"room":7,"name":"Ada","id":36,"visit":true}'
        await connection.send('{"user": "Ada", "text": "hello"}')
        assert await connection.recv() == "Ada: hello"
        journal = app.context.get_bean(Journal)
        assert journal.entries == []
        await connection.close()
        await eventually(lambda: journal.entries)
    assert journal.entries == ["visit ended"]


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        ('{"user": "A", "text": ""}', 1007, "user: String should have at least 2 characters"),
        ("no json", 1007, "Invalid JSON: expected ident at line 1 column 2"),
        (b"bytes", 1003, "text messages only"),
        ("x" * 2_000_000, 1009, None),
    ],
    ids=["invalid", "unparsable", "binary", "too-large"],
)
async def test_a_message_that_does_not_fit_closes_the_connection(
    message: str | bytes, code: int, reason: str | None
) -> None:
    async with served(*ALL) as app, connect(f"{app.ws}/chat/rooms/7") as connection:
        await connection.send(message)
        found = await closed(connection)
    assert found[0] == code
    assert reason is None or found[1] == reason


async def test_text_bytes_subprotocols_and_headers_pass_both_ways() -> None:
    async with served(*ALL) as app:
        headers = {"x-word": "hello"}
        async with connect(
            f"{app.ws}/chat/echo",
            subprotocols=[Subprotocol("v1"), Subprotocol("v2")],
            additional_headers=headers,
        ) as connection:
            assert connection.subprotocol == "v1"
            assert connection.response is not None
            assert connection.response.headers["x-word"] == "hello"
            for sent in ("text", "bytes"):
                await connection.send(sent)
            assert [await connection.recv(), await connection.recv()] == ["text", b"bytes"]
        journal = app.context.get_bean(Journal)
        await eventually(lambda: journal.entries)
    assert journal.entries == [("gone", 1000)]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/chat/rooms/x", 400), ("/chat/none", 404), ("/chat/plain", 404), ("/chat/fail/forbidden", 403)],
)
async def test_a_refused_handshake_is_an_error_response_like_any_other(
    path: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(*ALL) as app:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(app.ws + path):
                pass
        assert app.context.get_bean(Journal).entries == []
    response = caught.value.response
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert "x-transaction-id" in response.headers
    assert "x-content-type-options" in response.headers
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


@pytest.mark.parametrize(
    ("how", "code", "reason"),
    [
        ("policy", 4001, "not now"),
        ("conflict", 1008, "taken"),
        ("invalid", 1008, "Validation failed: text: Field required"),
        ("bug", 1011, ""),
        ("close", 3000, "enough"),
    ],
)
async def test_an_exception_closes_with_its_code_and_callbacks_run_once(
    how: str, code: int, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(*ALL) as app, connect(f"{app.ws}/chat/fail/{how}") as connection:
        assert await closed(connection) == (code, reason)
        journal = app.context.get_bean(Journal)
        await eventually(lambda: journal.entries)
    assert journal.entries == ["noted"]
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == (2 if how == "bug" else 1)


async def test_websockets_are_told_that_the_server_goes_away() -> None:
    async with served(*ALL) as app, connect(f"{app.ws}/chat/echo") as connection:
        await connection.send("ready")
        await connection.recv()
        app.task.cancel()
        assert await closed(connection) == (1001, "going away")
        journal = app.context.get_bean(Journal)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(app.task, 10)
    assert journal.entries == [("gone", 1001)]


async def test_a_handler_may_take_the_class_of_starlette_instead() -> None:
    async with served(*ALL) as app, connect(f"{app.ws}/chat/starlette/hello") as connection:
        await connection.send("you")
        assert await connection.recv() == '["hello","you"]'
        app.task.cancel()
        assert await closed(connection) == (1001, "going away")


async def test_a_function_is_a_handler_too() -> None:
    mark = pyfly_application(name="functions", scan_packages=[__name__])
    async with PyFlyTest(mark(type("Functions", (), {}))) as application:
        app = application.context.get_bean(AsgiApplication)  # type: ignore[type-abstract]
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "websocket.connect" if not sent else "websocket.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await app(dict(scope_of("/function/7"), type="websocket"), receive, send)
    assert [message.get("text") for message in sent] == [None, "[7,0]", None]


async def test_an_idle_connection_is_closed() -> None:
    async with (
        served(*ALL, websocket__idle_timeout="50ms") as app,
        connect(f"{app.ws}/chat/echo") as connection,
    ):
        assert await closed(connection) == (1001, "idle")


async def test_a_client_that_takes_nothing_is_cut_off() -> None:
    settings = {"websocket__send_timeout": "100ms", "connections__write_timeout": "100ms"}
    async with served(*ALL, **settings) as app:
        connection = silent(app.url, "/chat/push")
        journal = app.context.get_bean(Journal)
        await eventually(lambda: journal.sessions)
        journal.release.set()
        await eventually(lambda: journal.entries)
        assert journal.entries == [("pushed", 1008)]
        connection.close()


async def test_more_messages_than_the_queue_takes_cut_a_slow_client_off() -> None:
    async with served(*ALL, websocket__send_queue=3) as app:
        connection = silent(app.url, "/chat/push")
        journal = app.context.get_bean(Journal)
        await eventually(lambda: journal.sessions)
        sends = [asyncio.create_task(journal.sessions[0].send(b"x" * 5_000_000)) for _ in range(6)]
        done, _ = await asyncio.wait(sends, return_when=asyncio.FIRST_EXCEPTION, timeout=5)
        failures = {type(task.exception()) for task in done if task.exception()}
        assert failures == {WebSocketDisconnected}
        connection.close()
        await asyncio.gather(*sends, return_exceptions=True)


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [(None, True), ("https://shop.example", True), ("https://evil.example", False), ("null", False)],
)
async def test_pages_of_other_origins_may_connect_only_if_cors_allows_them(
    origin: str | None, accepted: bool
) -> None:
    settings = {"cors__enabled": True, "cors__allowed_origins": ["https://shop.example"]}
    async with served(*ALL, **settings) as app:
        headers = {"origin": origin} if origin else {}
        for own, expected in ((headers, accepted), ({"origin": app.url}, True)):
            status = 101
            try:
                async with connect(f"{app.ws}/chat/echo", additional_headers=own):
                    pass
            except InvalidStatus as refusal:
                status = refusal.response.status_code
            assert status == (101 if expected else 403)


def test_handlers_that_cannot_work_stop_the_start() -> None:
    @rest_controller
    class Wrong:
        @websocket_mapping("/sync")
        def sync(self, session: WebSocketSession) -> None: ...

        @websocket_mapping("/none")
        async def none(self) -> None: ...

        @websocket_mapping("/what")
        async def what(self, session: WebSocketSession, what: object) -> None: ...

    async def start() -> None:
        async with served(Wrong):
            pass

    with pytest.raises(BeanGraphError) as caught:
        asyncio.run(start())
    assert {"it is not async", "it takes no session", "parameter 'what'"} <= {
        text
        for text in ("it is not async", "it takes no session", "parameter 'what'")
        if text in str(caught.value)
    }


def session_of(receive: Any, send: Any) -> WebSocketSession:
    return WebSocketSession(scope_of("/"), receive, send, WebSocketProperties(), OpenStreams())


async def test_a_connection_that_breaks_while_it_is_accepted_is_released() -> None:
    async def broken(message: Any) -> None:
        raise OSError("broken pipe")

    session = session_of(asyncio.Event().wait, broken)
    with pytest.raises(OSError, match="broken pipe"):
        await session.accept()
    assert not session.is_accepted
    await session.finish()


async def test_who_waits_for_a_message_is_told_when_none_can_be_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken() -> Any:
        raise RuntimeError("no frames")

    async def send(message: Any) -> None: ...

    session = session_of(broken, send)
    with pytest.raises(WebSocketDisconnected):
        await asyncio.wait_for(session.receive(str), 5)
    await session.finish()
    assert "cannot be read any more" in caplog.text
