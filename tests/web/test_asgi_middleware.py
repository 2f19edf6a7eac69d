"""ASGI middleware that ``create_app`` is handed."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pyfly.container.stereotypes import rest_controller
from pyfly.context import ApplicationContext
from pyfly.core.asgi import Message, Receive, Send
from pyfly.core.config import Config
from pyfly.web import WebApplication, WebSocketSession, create_app, get_mapping, websocket_mapping
from tests.web.support import client_for

SEEN: list[str] = []


@rest_controller
class Things:
    @get_mapping("/things")
    async def all(self) -> list[str]:
        return ["thing"] * 1000

    @get_mapping("/broken")
    async def broken(self) -> str:
        raise RuntimeError

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        async for text in session.messages(str):
            await session.send(text)


class Noting:
    """Middleware of the plainest kind."""

    def __init__(self, app: Any, name: str = "plain") -> None:
        self.app, self.name = app, name

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                SEEN.append(f"{self.name} {message['status']}")
            await send(message)

        SEEN.append(f"{self.name} {scope['type']}")
        await self.app(scope, receive, noted)


class Answering(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        if request.url.path == "/fails":
            raise RuntimeError("secret")
        if request.url.path == "/answered":
            return PlainTextResponse("answered")
        response: Response = await call_next(request)
        response.headers["x-seen"] = "yes"
        return response


async def started(*middleware: Any) -> WebApplication:
    context = ApplicationContext(Config({}))
    context.container.register(Things)
    await context.start()
    SEEN.clear()
    return create_app(context=context, middleware=middleware)


async def test_the_first_is_outermost_and_sees_errors_as_responses() -> None:
    app = await started(Middleware(Noting, name="outer"), Noting)
    async with client_for(app) as client:
        assert (await client.get("/things")).status_code == 200
        broken = await client.get("/broken")
    assert broken.headers["content-type"] == "application/problem+json"
    assert [
        *("outer http", "plain http", "plain 200", "outer 200"),
        *("outer http", "plain http", "plain 500", "outer 500"),
    ] == SEEN


async def test_middleware_of_starlette_works_as_it_is() -> None:
    app = await started(Middleware(GZipMiddleware, minimum_size=100), Answering)
    async with client_for(app) as client:
        things = await client.get("/things", headers={"accept-encoding": "gzip"})
    assert (things.headers["content-encoding"], things.headers["x-seen"]) == ("gzip", "yes")
    assert things.json() == ["thing"] * 1000


@pytest.mark.parametrize(("path", "status"), [("/answered", 200), ("/fails", 500), ("/nowhere", 404)])
async def test_whatever_middleware_answers_has_the_headers_of_every_response(path: str, status: int) -> None:
    app = await started(Answering)
    async with client_for(app) as client:
        answer: httpx.Response = await client.get(path)
    assert answer.status_code == status
    assert {"x-transaction-id", "x-content-type-options"} <= {*answer.headers}
    assert "secret" not in answer.text


async def test_middleware_sees_websockets() -> None:
    app = await started(Noting)
    sent: asyncio.Queue[Message] = asyncio.Queue()
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "websocket", "path": "/echo", "raw_path": b"/echo", "query_string": b"", "headers": []}
    served = asyncio.ensure_future(
        app({**scope, "root_path": "", "subprotocols": []}, incoming.get, sent.put)
    )
    incoming.put_nowait({"type": "websocket.connect"})
    assert (await sent.get())["type"] == "websocket.accept"
    incoming.put_nowait({"type": "websocket.receive", "text": "hello"})
    assert (await sent.get())["text"] == "hello"
    incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await served
    assert SEEN == ["plain websocket"]
