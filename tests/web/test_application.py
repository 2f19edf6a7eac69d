"""The web application as part of a booted one: scan, start, serve, stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from pyfly.container.exceptions import BeanGraphError
from pyfly.core import PyFlyApplication
from pyfly.core.asgi import ApplicationServer, AsgiApplication
from pyfly.web import WebApplication
from pyfly.web.assembly import Assembly
from pyfly.web.responses import Receive, Scope, Send
from pyfly.web.routing.pool import SyncPool
from tests.web.shop import Shop
from tests.web.support import client_for


def shop(path: Path, *arguments: str) -> PyFlyApplication:
    return PyFlyApplication(Shop, path, args=["--pyfly.banner.mode=OFF", *arguments])


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    application = shop(tmp_path, "--pyfly.web.base-path=/shop")
    async with application, client_for(application.asgi()) as found:
        yield found


async def test_a_scanned_controller_answers(client: httpx.AsyncClient) -> None:
    created = await client.post("/shop/items", json={"name": "apple"})
    assert (created.status_code, created.headers["location"]) == (201, "/shop/items/1")
    assert (await client.get("/shop/items/1")).json() == {"id": 1, "name": "apple"}
    assert (await client.get("/shop/items")).json() == [{"id": 1, "name": "apple"}]


@pytest.mark.parametrize(("adapter", "serves"), [("auto", True), ("starlette", True), ("none", False)])
async def test_without_an_adapter_there_is_no_http(tmp_path: Path, adapter: str, *, serves: bool) -> None:
    async with shop(tmp_path, f"--pyfly.web.adapter={adapter}") as application:
        assert bool(application.context.container.definitions_of(AsgiApplication)) is serves


async def test_an_unknown_adapter_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BeanGraphError, match=r"WebProperties \(pyfly.web\) cannot be used"):
        async with shop(tmp_path, "--pyfly.web.adapter=flask"):
            pass


async def test_errors_of_services_are_problems_with_all_headers(client: httpx.AsyncClient) -> None:
    missing = await client.get("/shop/items/9")
    assert (missing.status_code, missing.json()["code"]) == (404, "ITEM_NOT_FOUND")
    assert missing.headers["x-stamp"] == "404"
    assert missing.headers["x-transaction-id"] == missing.json()["transaction_id"]
    broken = await client.get("/shop/items/boom")
    assert (broken.status_code, "pa55word" in broken.text) == (500, False)


async def test_the_document_carries_the_name_of_the_application(client: httpx.AsyncClient) -> None:
    document = (await client.get("/shop/openapi.json")).json()
    assert document["info"] == {"title": "shop", "version": "1.2.3", "description": "Sells things"}
    assert "/shop/items/{item_id}" in document["paths"]


async def test_the_actuator_is_below_the_base_path(client: httpx.AsyncClient) -> None:
    health, info = await client.get("/shop/actuator/health"), await client.get("/shop/actuator/info")
    assert (health.status_code, health.json()) == (200, {"status": "UP"})
    assert info.json() == {"app": {"name": "shop", "version": "1.2.3", "description": "Sells things"}}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((), 200),
        (("--pyfly.profiles.active=production",), 404),
        (("--pyfly.profiles.active=production", "--pyfly.web.docs.enabled=true"), 200),
        (("--pyfly.web.docs.enabled=false",), 404),
    ],
)
async def test_documents_are_off_in_production_unless_enabled(
    tmp_path: Path, arguments: Sequence[str], status: int
) -> None:
    application = shop(tmp_path, *arguments)
    async with application, client_for(application.asgi()) as client:
        assert (await client.get("/docs")).status_code == status


async def test_nothing_is_served_when_the_web_is_switched_off(tmp_path: Path) -> None:
    async with shop(tmp_path, "--pyfly.web.enabled=false") as application:
        container = application.context.container
        assert container.definitions_of(AsgiApplication) == ()
        assert container.definitions_of(ApplicationServer) == ()


def test_requests_go_straight_to_the_routes_unless_a_subclass_wants_to_see_them() -> None:
    class Watching(WebApplication):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await super().__call__(scope, receive, send)

    def assembled(_app: WebApplication) -> Assembly:
        return Assembly(_answer, (), False, SyncPool(1, 1))

    async def _answer(scope: Scope, receive: Receive, send: Send) -> None: ...

    assert WebApplication(assembled).direct() is _answer
    watching = Watching(assembled)
    assert watching.direct() is watching


async def test_routes_are_ready_before_the_first_request(tmp_path: Path) -> None:
    async with shop(tmp_path) as application:
        web = application.context.get_bean(WebApplication)
        assert {item.path for item in web.state.pyfly_route_metadata} == {
            "/items",
            "/items/{item_id}",
            "/items/boom",
        }


async def test_a_route_that_cannot_work_stops_the_start_before_any_bean_is_built(tmp_path: Path) -> None:
    from pyfly.web import get_mapping, rest_controller

    built: list[object] = []

    class Nowhere: ...

    @rest_controller
    class Wrong:
        def __init__(self) -> None:
            built.append(self)

        @get_mapping("/wrong")
        async def wrong(self, what: Nowhere) -> None: ...

    application = shop(tmp_path)
    application.context.container.register(Wrong)
    with pytest.raises(BeanGraphError, match="parameter 'what' \\(Nowhere\\) cannot be bound"):
        await application.startup()
    assert built == []


async def test_the_application_can_be_started_again(tmp_path: Path) -> None:
    for _ in range(2):
        application = shop(tmp_path)
        async with application, client_for(application.asgi()) as client:
            assert (await client.get("/items")).json() == []


def test_a_process_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        "from pyfly.core import PyFlyApplication; from tests.web.shop import Shop;"
        f"PyFlyApplication(Shop, {str(tmp_path)!r}, args=['--pyfly.web.port={port}', '--pyfly.web.host=127.0.0.1']).run()"
    )
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    try:
        assert _first_answer(f"http://127.0.0.1:{port}/items") == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()


def _first_answer(url: str) -> object:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            return httpx.get(url).json()
    pytest.fail("the server did not answer")


def test_a_taken_port_is_reported_with_the_key_to_change(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        application = shop(tmp_path, f"--pyfly.web.port={port}", "--pyfly.web.host=127.0.0.1")
        with pytest.raises(SystemExit) as caught:
            application.run()
    assert caught.value.code == 1
    report = capfd.readouterr().err
    assert f"cannot listen on 127.0.0.1, port {port}" in report
    assert "pyfly.web.port" in report
