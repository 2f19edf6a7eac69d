"""Applications of other frameworks, mounted below a path."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from pyfly.container import configuration, order, rest_controller, service
from pyfly.container.bean import bean
from pyfly.web import AsgiMount, CallNext, get_mapping
from pyfly.web.adapters.starlette.passing import Call
from tests.web.connections import connected
from tests.web.served import served
from tests.web.support import assembled, container_of

LIFE: list[str] = []


async def where(request: Request) -> Response:
    return JSONResponse(
        [
            request.scope["root_path"],
            request.url.path,
            str(request.url_for("where", rest="x")),
            request.state.word,
        ]
    )


async def fail(request: Request) -> Response:
    raise LookupError("the password is pa55word")


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(socket.scope["root_path"] + text)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[dict[str, str]]:
    LIFE.append("started")
    yield {"word": "shared"}
    LIFE.append("stopped")


@configuration
class Mounts:
    @bean
    def admin(self) -> AsgiMount:
        routes = [
            Route("/fail", fail),
            WebSocketRoute("/echo", echo),
            Route("/{rest:path}", where, name="where"),
        ]
        return AsgiMount("/admin", Starlette(routes=routes, lifespan=lifespan))


@rest_controller
class Own:
    @get_mapping("/admin/own")
    async def own(self) -> str:
        return "own"


@service
@order(1)
class Stamp:
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers["x-stamp"] = "filtered"
        return response

    def should_not_filter(self, request: Any) -> bool:
        return False


async def test_a_mounted_application_sees_its_own_paths_and_its_lifespan_runs() -> None:
    LIFE.clear()
    async with served(Mounts, Own, base_path="/api") as app, httpx.AsyncClient(base_url=app.url) as client:
        found = (await client.get("/api/admin/some/where")).json()
        assert (await client.get("/api/admin/own")).json() == "own"
        assert [(await client.get(path)).status_code for path in ("/admin/x", "/api/administration")] == [
            404,
            404,
        ]
        assert (await client.get("/api/admin%2Fx")).status_code == 404
        assert LIFE == ["started"]
    root = "/api/admin"
    assert found == [root, f"{root}/some/where", f"{app.url}{root}/x", "shared"]
    assert LIFE == ["started", "stopped"]


async def test_everything_that_runs_around_requests_runs_around_those_of_mounted_applications() -> None:
    async with served(Mounts, Own, Stamp) as app, httpx.AsyncClient(base_url=app.url) as client:
        fine, failed = await client.get("/admin/x"), await client.get("/admin/fail")
    for answer in (fine, failed):
        assert answer.headers["x-stamp"] == "filtered"
        assert "x-transaction-id" in answer.headers
        assert "x-content-type-options" in answer.headers
    assert failed.status_code == 500
    assert "pa55word" not in failed.text


def told(word: str) -> Any:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await Response(word)(scope, receive, send)

    return application


async def test_a_mounted_application_answers_the_methods_that_a_route_below_it_does_not_know() -> None:
    @configuration
    class Old:
        @bean
        def old(self) -> AsgiMount:
            return AsgiMount("/admin", told("old"))

    async with served(Old, Own) as app, httpx.AsyncClient(base_url=app.url) as client:
        assert (await client.get("/admin/own")).json() == "own"
        assert (await client.post("/admin/own")).text == "old"
        assert (await client.options("/admin/own")).headers["allow"] == "GET, HEAD, OPTIONS"


async def test_a_head_request_gets_no_file_whose_path_the_server_is_given() -> None:
    async def file(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.pathsend", "path": "/etc/hostname"})

    async with connected(
        assembled(container_of(), fallbacks=[lambda _: file]).dispatch, "/f", "HEAD"
    ) as head:
        assert await head.started() == 200
        assert await head.rest() == b""


@configuration
class Nested:
    @bean
    def outer(self) -> AsgiMount:
        return AsgiMount("/sub", told("outer"))

    @bean
    def inner(self) -> AsgiMount:
        return AsgiMount("/sub/inner", told("inner"))


async def test_the_inner_one_of_two_mounts_is_found_below_a_base_path_however_that_is_written() -> None:
    async with served(Nested, Own, base_path="/api/") as app, httpx.AsyncClient(base_url=app.url) as client:
        paths = ("/api/sub/x", "/api/sub/inner/x", "/api/sub/inner")
        assert [(await client.get(path)).text for path in paths] == ["outer", "inner", "inner"]


@service
@order(1)
class Replace:
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        await call_next(request)
        return Response("instead")

    def should_not_filter(self, request: Any) -> bool:
        return False


async def test_a_filter_may_answer_instead_of_a_mounted_application() -> None:
    async with served(Mounts, Own, Replace) as app, httpx.AsyncClient(base_url=app.url) as client:
        answer = await client.get("/admin/x")
    assert (answer.status_code, answer.text) == (200, "instead")


async def test_a_mounted_application_ends_when_its_client_has_gone() -> None:
    ended: list[str] = []

    async def endless(_scope: Any, _receive: Any, send: Any) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while True:
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
        finally:
            ended.append("ended")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise OSError("gone")

    response = await Call(endless, {"type": "http"}, _nothing).response()
    with pytest.raises(OSError, match="gone"):
        await response({}, _nothing, send)
    assert ended == ["ended"]


async def _nothing() -> Any:
    raise AssertionError


async def test_websockets_are_mounted_too_and_told_when_the_server_stops() -> None:
    async with served(Mounts, Own) as app, connect(f"{app.ws}/admin/echo") as connection:
        await connection.send("/hello")
        assert await connection.recv() == "/admin/hello"
        app.task.cancel()
        with pytest.raises(ConnectionClosed):
            await connection.recv()
        assert connection.close_code == 1001


async def test_a_mounted_application_that_fails_with_an_open_websocket_closes_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            raise LookupError("the password is pa55word")

    @configuration
    class Failing:
        @bean
        def failing(self) -> AsgiMount:
            return AsgiMount("/failing", failing)

    async with served(Failing, Own) as app, connect(f"{app.ws}/failing/x") as connection:
        with pytest.raises(ConnectionClosed):
            await connection.recv()
    assert (connection.close_code, connection.close_reason) == (1011, "")
    assert "failed while its websocket was open" in caplog.text


async def test_a_mounted_application_that_cannot_start_stops_the_start() -> None:
    @asynccontextmanager
    async def broken(app: Starlette) -> AsyncIterator[None]:
        raise LookupError("no disk")
        yield

    @configuration
    class Broken:
        @bean
        def admin(self) -> AsgiMount:
            return AsgiMount("/admin", Starlette(lifespan=broken))

    with pytest.raises(Exception, match="no disk"):
        async with served(Broken, Own):
            pass


@pytest.mark.parametrize("path", ["", "/", "admin"])
def test_a_mount_needs_a_path(path: str) -> None:
    with pytest.raises(ValueError, match="begins with a slash"):
        AsgiMount(path, None)
