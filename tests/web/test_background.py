"""``BackgroundTasks``: what is done after the response."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.background import BackgroundTasks as StarletteTasks

from pyfly.container import service
from pyfly.context import pre_destroy
from pyfly.web import BackgroundTasks, post_mapping, rest_controller
from pyfly.web.background.running import BackgroundRunner
from pyfly.web.routing.request_id import current_request_id
from tests.web.served import served
from tests.web.support import assembled, client_for, container_of

done: list[Any] = []
release = asyncio.Event()
who: ContextVar[str] = ContextVar("who", default="nobody")


async def _note(what: str, *, suffix: str = "") -> None:
    done.append((what + suffix, who.get(), current_request_id.get()))


def _block(what: str) -> None:
    done.append((what, threading.current_thread() is not threading.main_thread()))


def _fail() -> None:
    raise LookupError("nowhere")


@rest_controller
class Orders:
    @post_mapping("/orders/{name}")
    async def place(self, name: str, tasks: BackgroundTasks) -> str:
        who.set(name)
        tasks.add(_note, "first", suffix="!")
        tasks.add(_fail)
        tasks.add_task(_block, "last")
        return "placed"

    @post_mapping("/starlette")
    def place_with_starlette(self, tasks: StarletteTasks) -> str:
        tasks.add_task(_note, "starlette")
        return "placed"

    @post_mapping("/waiting")
    async def wait(self, tasks: BackgroundTasks) -> str:
        tasks.add(release.wait)
        tasks.add(_note, "released")
        return "placed"

    @post_mapping("/broken")
    async def broken(self, tasks: BackgroundTasks) -> int:
        tasks.add(_note, "never")
        raise LookupError

    @post_mapping("/unwritable")
    async def unwritable(self, tasks: BackgroundTasks) -> int:
        tasks.add(_note, "never")
        return "x"  # type: ignore[return-value]  # what is tested


@pytest.fixture
async def app() -> AsyncIterator[Any]:
    done.clear()
    release.clear()
    assembly = assembled(container_of(Orders))
    yield assembly
    release.set()
    await assembly.finish()
    assembly.close()


@pytest.fixture
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(app.dispatch) as found:
        yield found


async def test_tasks_run_in_order_after_the_response_with_the_context_of_the_request(
    client: httpx.AsyncClient, app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.post("/orders/ann", headers={"x-transaction-id": "request-1"})
    assert answer.json() == "placed"
    await app.finish()
    assert done == [("first!", "ann", "request-1"), ("last", True)]
    assert "background task _fail failed (request request-1)" in caplog.text
    assert "LookupError: nowhere" in caplog.text


async def test_the_response_does_not_wait_for_the_tasks(client: httpx.AsyncClient, app: Any) -> None:
    assert (await client.post("/waiting")).json() == "placed"
    assert done == []
    release.set()
    await app.finish()
    assert [item[0] for item in done] == ["released"]


async def test_the_class_of_starlette_does_the_same(client: httpx.AsyncClient, app: Any) -> None:
    await client.post("/starlette")
    await app.finish()
    assert [item[0] for item in done] == ["starlette"]


@pytest.mark.parametrize("path", ["/broken", "/unwritable"])
async def test_a_request_that_failed_leaves_nothing_to_be_done(
    client: httpx.AsyncClient, app: Any, path: str
) -> None:
    assert (await client.post(path)).status_code == 500
    await app.finish()
    assert done == []


async def test_tasks_that_never_end_are_cancelled_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    tasks = BackgroundTasks()
    never = asyncio.Event()
    tasks.add(never.wait)
    runner = BackgroundRunner(lambda function, *args: None, timedelta(0))
    runner.done({"pyfly.background": tasks}, 200, 0.0)
    with caplog.at_level(logging.ERROR):
        await runner.finish()
    assert "1 background tasks took more than 0 s to end and were cancelled" in caplog.text
    await runner.finish()


@service
class Mail:
    def __init__(self) -> None:
        self.closed = False

    @pre_destroy
    def close(self) -> None:
        self.closed = True

    async def send(self, name: str) -> None:
        await release.wait()
        done.append((name, self.closed))


@rest_controller
class Mailing:
    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    @post_mapping("/mails")
    async def post(self, tasks: BackgroundTasks) -> None:
        tasks.add(self._mail.send, "hello")


async def test_the_beans_that_a_task_uses_are_destroyed_after_it() -> None:
    done.clear()
    release.clear()
    async with served(Mail, Mailing) as running, httpx.AsyncClient(base_url=running.url) as client:
        assert (await client.post("/mails")).status_code == 204
        asyncio.get_running_loop().call_later(0.01, release.set)
    assert done == [("hello", False)]


async def test_an_application_that_stops_waits_for_its_tasks() -> None:
    from pyfly.context import ApplicationContext
    from pyfly.core.config.config import Config
    from pyfly.web import create_app

    done.clear()
    release.clear()
    context = ApplicationContext(Config({}))
    context.register_bean(Orders)
    app = create_app(context=context)
    async with context:
        async with client_for(app) as client:
            await client.post("/waiting")
        asyncio.get_running_loop().call_soon(release.set)
        await app.finish()
        assert [item[0] for item in done] == ["released"]
        app.close()
