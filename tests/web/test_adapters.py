"""Starlette beside our routes, and uvicorn over real sockets."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from pyfly.context import ApplicationContext
from pyfly.core.asgi import Message, Receive, Send
from pyfly.core.config import Config
from pyfly.kernel.diagnosis import explain
from pyfly.kernel.exceptions import ConflictException
from pyfly.web import WebApplication, WebProperties, create_app, get_mapping, rest_controller
from pyfly.web.adapters.starlette import StarletteWebAdapter
from pyfly.web.adapters.uvicorn import UvicornServer
from pyfly.web.adapters.uvicorn.sockets import PortUnavailableError, listen
from pyfly.web.ports.outbound import WebServerPort
from tests.web.support import client_for


@rest_controller
class Greeting:
    @get_mapping("/hello")
    async def hello(self) -> str:
        return "hello"


def context_of(*classes: type) -> ApplicationContext:
    context = ApplicationContext(Config({}))
    for cls in classes:
        context.container.register(cls)
    return context


async def extra(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"extra {request.path_params['n']} {type(request.app).__name__}")


async def failing(request: Request) -> PlainTextResponse:
    raise ConflictException("taken")


async def streaming(request: Request) -> StreamingResponse:
    return StreamingResponse(iter(["a", "b"]))


ROUTES = [Route("/extra/{n:int}", extra), Route("/failing", failing), Route("/streaming", streaming)]


async def test_an_application_without_a_context_has_documents_only() -> None:
    async with client_for(create_app(title="Empty")) as client:
        assert (await client.get("/openapi.json")).json()["paths"] == {}
        assert (await client.get("/docs")).status_code == 200


async def test_an_application_made_before_the_context_starts_serves_its_beans() -> None:
    context = context_of(Greeting)

    @asynccontextmanager
    async def lifespan(app: WebApplication) -> AsyncIterator[None]:
        await context.start()
        yield
        await context.stop()

    app = create_app(context=context, lifespan=lifespan)
    async with live(app):
        assert [item.path for item in app.state.pyfly_route_metadata] == ["/hello"]
        async with client_for(app) as client:
            assert (await client.get("/hello")).json() == "hello"


async def test_an_application_made_after_the_context_has_started_serves_them_too() -> None:
    context = context_of(Greeting)
    await context.start()
    try:
        async with client_for(create_app(context=context)) as client:
            assert (await client.get("/hello")).json() == "hello"
    finally:
        await context.stop()


async def test_extra_routes_answer_what_no_controller_does() -> None:
    async with client_for(create_app(extra_routes=ROUTES)) as client:
        assert (await client.get("/extra/3")).text == "extra 3 WebApplication"
        wrong = await client.post("/extra/3")
        failed = await client.get("/failing")
        streamed = await client.get("/streaming")
    assert (wrong.status_code, sorted(wrong.headers["allow"].split(", "))) == (405, ["GET", "HEAD"])
    assert (failed.status_code, failed.json()["detail"]) == (409, "taken")
    assert (streamed.text, len(streamed.headers["x-transaction-id"])) == ("ab", 36)


async def test_a_failing_lifespan_reaches_the_server() -> None:
    @asynccontextmanager
    async def lifespan(app: WebApplication) -> AsyncIterator[None]:
        raise LookupError("no database")
        yield

    with pytest.raises(LookupError, match="no database"):
        async with live(create_app(lifespan=lifespan)):
            pass


@pytest.mark.parametrize(
    ("settings", "said", "status"),
    [
        ({}, None, 200),
        ({"pyfly.profiles.active": "production"}, None, 404),
        ({"pyfly.profiles.active": "production", "pyfly.web.docs.enabled": True}, None, 200),
        ({"pyfly.web.docs.enabled": False}, None, 404),
        ({"pyfly.web.docs.enabled": False}, True, 200),
        ({}, False, 404),
        (None, None, 200),
    ],
    ids=str,
)
async def test_documents_are_served_as_configured_unless_the_program_decides(
    settings: dict[str, Any] | None, said: bool | None, status: int
) -> None:
    context = ApplicationContext(Config(settings)) if settings is not None else None
    async with client_for(create_app(context=context, docs_enabled=said)) as client:
        assert (await client.get("/openapi.json")).status_code == status


async def test_websockets_are_refused() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await create_app()({"type": "websocket", "path": "/"}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_the_adapter_makes_the_same_application() -> None:
    adapter: WebServerPort = StarletteWebAdapter()
    async with client_for(adapter.create_app(docs_enabled=False)) as client:
        assert (await client.get("/docs")).status_code == 404


@asynccontextmanager
async def live(app: Any) -> AsyncIterator[None]:
    """Run the lifespan of *app* around the block, as a server does."""
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    outgoing: asyncio.Queue[Message] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan"}, incoming.get, outgoing.put))
    await incoming.put({"type": "lifespan.startup"})
    answer = await outgoing.get()
    if answer["type"] != "lifespan.startup.complete":
        await task
    yield
    await incoming.put({"type": "lifespan.shutdown"})
    await task


@asynccontextmanager
async def serving(app: Any, **properties: Any) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    """Serve *app* on a free port; yields the base URL and the task."""
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = UvicornServer(WebProperties(host="127.0.0.1", port=0, **properties))
    task = asyncio.create_task(server.serve(app, started=url.set_result))
    try:
        yield await asyncio.wait_for(url, 10), task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_uvicorn_serves_over_a_real_socket() -> None:
    context = context_of(Greeting)
    await context.start()
    async with serving(create_app(context=context)) as (url, _), httpx.AsyncClient(base_url=url) as client:
        answer = await client.get("/hello")
        assert (answer.json(), "server" in answer.headers) == ("hello", False)
        assert (await client.post("/hello", content=b"x" * 100)).status_code == 405
    await context.stop()


async def test_a_request_in_progress_is_finished_before_the_server_stops() -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def slow(scope: Message, receive: Receive, send: Send) -> None:
        entered.set()
        await release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    async with serving(slow) as (url, task), httpx.AsyncClient(base_url=url) as client:
        request = asyncio.create_task(client.get("/"))
        await entered.wait()
        task.cancel()
        release.set()
        assert (await request).text == "done"
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_request_that_never_ends_is_given_up_after_the_shutdown_timeout() -> None:
    entered = asyncio.Event()

    async def endless(scope: Message, receive: Receive, send: Send) -> None:
        entered.set()
        await asyncio.Event().wait()

    properties = {"shutdown_timeout": timedelta(seconds=1)}
    async with serving(endless, **properties) as (url, task), httpx.AsyncClient(base_url=url) as client:
        request = asyncio.create_task(client.get("/"))
        await entered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 10)
        assert (await request).status_code == 500


def test_signals_are_left_to_the_application() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def serve() -> None:
        async with serving(create_app()):
            assert signal.getsignal(signal.SIGTERM) is before

    asyncio.run(serve())


def test_a_taken_port_says_which_and_what_to_do() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortUnavailableError) as caught:
            listen("127.0.0.1", port)
    diagnosis = explain(caught.value)
    assert diagnosis is not None
    assert diagnosis.what == f"The web server cannot listen on 127.0.0.1, port {port}."
    assert diagnosis.why == (f"Another process is listening on port {port}.",)
    assert diagnosis.fix[-1] == "Or set pyfly.web.port to a free port."
    assert (caught.value.subsystem, caught.value.provider) == ("web", "uvicorn")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortUnavailableError) as caught:
        listen("192.0.2.1", 0)
    diagnosis = explain(caught.value)
    assert diagnosis is not None
    assert "pyfly.web.host" in diagnosis.fix[0]


def test_an_application_named_by_an_import_string_is_served_by_a_process(tmp_path: Path) -> None:
    import subprocess
    import sys
    import time

    (tmp_path / "hello.py").write_text("from pyfly.web import create_app\napp = create_app(title='Hello')\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from pyfly.web.adapters.uvicorn import serve_import_string as s; s('hello:app', host='127.0.0.1', port={port})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                assert httpx.get(f"http://127.0.0.1:{port}/openapi.json").json()["info"]["title"] == "Hello"
                break
        else:
            pytest.fail("the server did not answer")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
