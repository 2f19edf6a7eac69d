"""Answers of a booted application, over real sockets where it matters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from pyfly.core import PyFlyApplication
from pyfly.web import WebProperties
from pyfly.web.adapters.uvicorn import UvicornServer
from tests.web.streaming_app import Feed, Streaming
from tests.web.support import client_for


@asynccontextmanager
async def served(**settings: str) -> AsyncIterator[tuple[httpx.AsyncClient, PyFlyApplication]]:
    names = {key: key.replace("__", ".").replace("_", "-") for key in settings}
    arguments = [f"--pyfly.web.{names[key]}={value}" for key, value in settings.items()]
    async with PyFlyApplication(Streaming, args=arguments) as app:
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        server = UvicornServer(WebProperties(host="127.0.0.1", port=0))
        task = asyncio.create_task(server.serve(app.asgi(), started=ready.set_result))
        try:
            async with httpx.AsyncClient(base_url=await ready) as client:
                yield client, app
        finally:
            task.cancel()
            await asyncio.wait({task})


@asynccontextmanager
async def called(*settings: str) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        PyFlyApplication(Streaming, args=[f"--pyfly.web.{item}" for item in settings]) as app,
        client_for(app.asgi()) as client,
    ):
        yield client


async def test_events_arrive_while_the_stream_is_open_and_a_client_that_leaves_ends_it() -> None:
    async with served() as (client, app):
        feed = app.context.get_bean(Feed)
        async with client.stream("GET", "/stream", headers={"Last-Event-ID": "41"}) as response:
            lines = response.aiter_lines()
            assert await anext(lines) == "id: 42"
            assert await anext(lines) == 'data: {"id":42,"note":""}'
        await asyncio.wait_for(feed.closed.wait(), 5)


async def test_a_quiet_stream_opens_beats_and_is_closed_when_its_client_leaves() -> None:
    async with served(sse__heartbeat="30ms", sse__open_after="10ms") as (client, app):
        async with client.stream("GET", "/quiet") as response:
            assert response.headers["content-type"] == "text/event-stream"
            assert await anext(response.aiter_lines()) == ":"
        await asyncio.wait_for(app.context.get_bean(Feed).closed.wait(), 5)


async def test_a_stream_that_breaks_is_not_taken_for_a_whole_one() -> None:
    async with served() as (client, app), client.stream("GET", "/broken") as response:
        assert response.status_code == 200
        parts = response.aiter_bytes()
        assert await anext(parts) == b'{"id":1,"note":""}\n'
        app.context.get_bean(Feed).broken.set()
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(parts)


async def test_a_file_and_lines_arrive_whole() -> None:
    async with served() as (client, _):
        assert (await client.get("/lines")).text == '{"id":1,"note":""}\n{"id":2,"note":""}\n'
        response = await client.get("/source")
        assert response.content == SOURCE
        assert response.headers["content-disposition"] == 'attachment; filename="source code.py"'


SOURCE = Path(__file__).with_name("streaming_app.py").read_bytes()


async def test_the_settings_alone_switch_tags_and_compression_on() -> None:
    async with called("etag.enabled=true", "compression.enabled=true") as client:
        first = await client.get("/visits/1", headers={"Accept-Encoding": "gzip"})
        assert first.headers["content-encoding"] == "gzip"
        assert first.headers["etag"].startswith('W/"')
        again = await client.get("/visits/1", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


async def test_the_setting_alone_makes_responses_strict() -> None:
    async with called("response-validation=strict") as client:
        assert (await client.get("/visits/0")).status_code == 500
    async with called() as client:
        assert (await client.get("/visits/0")).json()["id"] == 0


async def test_a_converter_bean_alone_adds_its_media_type() -> None:
    async with called() as client:
        assert (await client.get("/visits/2", headers={"Accept": "text/csv"})).text == "2,\n"
        refused = await client.get("/visits/2", headers={"Accept": "application/xml"})
        assert refused.status_code == 406


async def test_a_tag_of_the_handlers_is_answered_without_any_setting() -> None:
    async with called() as client:
        tag: Any = (await client.get("/visits/2")).headers["etag"]
        assert (await client.get("/visits/2", headers={"If-None-Match": tag})).status_code == 304
