"""Server-sent events: their format, their heartbeat, where they begin and how they end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pyfly.container import rest_controller
from pyfly.core.config import Config
from pyfly.kernel import ConflictException
from pyfly.kernel.clock import Clock
from pyfly.testing import TestClock
from pyfly.web import (
    EventStream,
    Header,
    ResponseEntity,
    ServerSentEvent,
    exception_handler,
    get_mapping,
    sse_mapping,
)
from pyfly.web.assembly import Assembly
from pyfly.web.binding.results import dump_anything
from pyfly.web.streaming.encoding import encode_event
from tests.web.connections import Connection, connected
from tests.web.support import assembled, client_of, container_of


class Visit(BaseModel):
    id: int
    pet: str = "Leo"


class Feed:
    def __init__(self) -> None:
        self.visits: asyncio.Queue[Visit] = asyncio.Queue()
        self.closed = 0
        self.allowed = asyncio.Event()


@rest_controller
class Visits:
    feed: Feed

    @sse_mapping("/visits")
    async def visits(self, last_event_id: Header[str | None] = None) -> AsyncIterator[ServerSentEvent[Visit]]:
        try:
            if last_event_id is not None:
                yield ServerSentEvent(comment=f"after {last_event_id}")
            while True:
                visit = await self.feed.visits.get()
                yield ServerSentEvent(visit, event="visit", id=str(visit.id))
        finally:
            self.feed.closed += 1

    @get_mapping("/three", produces="text/event-stream")
    async def three(self) -> AsyncIterator[Visit]:
        for number in range(3):
            yield Visit(id=number)

    @get_mapping("/texts")
    async def texts(self) -> EventStream[str]:
        async def lines() -> AsyncIterator[str]:
            yield "one\ntwo\r\nthree"

        return EventStream(lines(), headers={"Cache-Control": "no-cache"})

    @sse_mapping("/refused")
    async def refused(self) -> AsyncIterator[Visit]:
        raise ConflictException("not now", code="BUSY")
        yield Visit(id=1)

    @get_mapping("/slowly-refused")
    async def slowly_refused(self) -> EventStream[Visit]:
        await self.feed.allowed.wait()
        raise ConflictException("handled by the controller")

    @exception_handler(ConflictException)
    async def busy(self, failure: ConflictException) -> ResponseEntity[str]:
        return ResponseEntity(str(failure), 418)

    @sse_mapping("/poisoned")
    async def poisoned(self) -> AsyncIterator[ServerSentEvent[str]]:
        yield ServerSentEvent("x", id="1\ndata: evil")


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


def app_of(clock: TestClock, **settings: Any) -> tuple[Assembly, Feed]:
    container = container_of(Visits)
    container.register_instance(clock, Clock)
    config = Config({"pyfly": {"web": {"sse": settings}}}) if settings else None
    assembly = assembled(container, config=config)
    feed = container.resolve(Visits).feed = Feed()
    return assembly, feed


async def opened(connection: Connection, clock: TestClock) -> None:
    await clock.elapse(0.1)
    assert await connection.started() == 200


async def test_each_event_is_sent_as_it_comes(clock: TestClock) -> None:
    app, feed = app_of(clock)
    async with connected(app.dispatch, "/visits") as connection:
        feed.visits.put_nowait(Visit(id=7))
        await connection.started()
        assert connection.headers["content-type"] == "text/event-stream"
        assert connection.headers["cache-control"] == "no-store"
        assert await connection.chunk() == b'event: visit\nid: 7\ndata: {"id":7,"pet":"Leo"}\n\n'
        feed.visits.put_nowait(Visit(id=8))
        assert b"id: 8" in await connection.chunk()


async def test_a_stream_without_events_opens_after_a_moment(clock: TestClock) -> None:
    app, _ = app_of(clock)
    async with connected(app.dispatch, "/visits") as connection:
        await clock.elapse(0.09)
        assert not connection.waiting
        await clock.elapse(0.02)
        assert await connection.started() == 200


async def test_a_quiet_stream_gets_a_comment_every_fifteen_seconds(clock: TestClock) -> None:
    app, feed = app_of(clock)
    async with connected(app.dispatch, "/visits") as connection:
        await opened(connection, clock)
        await clock.elapse(14)
        assert not connection.waiting
        await clock.elapse(1)
        assert await connection.chunk() == b":\n\n"
        await clock.elapse(10)
        feed.visits.put_nowait(Visit(id=1))
        await connection.chunk()
        await clock.elapse(14)
        assert not connection.waiting
        await clock.elapse(2)
        assert await connection.chunk() == b":\n\n"


async def test_the_heartbeat_can_be_turned_off(clock: TestClock) -> None:
    app, _ = app_of(clock, heartbeat="0s")
    async with connected(app.dispatch, "/visits") as connection:
        await opened(connection, clock)
        await clock.elapse(3600)
        assert not connection.waiting


async def test_the_time_to_come_back_is_told_first(clock: TestClock) -> None:
    app, _ = app_of(clock, retry="3s")
    async with connected(app.dispatch, "/visits") as connection:
        await connection.started()
        assert await connection.chunk() == b"retry: 3000\n\n"


async def test_a_client_that_comes_back_says_what_it_saw_last(clock: TestClock) -> None:
    app, _ = app_of(clock)
    async with connected(app.dispatch, "/visits", headers=[("Last-Event-ID", "41")]) as connection:
        await connection.started()
        assert await connection.chunk() == b": after 41\n\n"


async def test_a_client_that_goes_away_closes_its_generator_once(clock: TestClock) -> None:
    app, feed = app_of(clock)
    async with connected(app.dispatch, "/visits") as connection:
        await opened(connection, clock)
        connection.disconnect()
        await connection.task
    assert feed.closed == 1
    assert len(app.streams) == 0


async def test_a_client_that_goes_away_before_the_beginning_closes_its_generator(clock: TestClock) -> None:
    app, feed = app_of(clock)
    async with connected(app.dispatch, "/visits") as connection:
        await asyncio.sleep(0)
        connection.disconnect()
        await connection.task
    assert feed.closed == 1


async def test_a_server_that_stops_ends_all_streams(clock: TestClock) -> None:
    app, feed = app_of(clock)
    async with connected(app.dispatch, "/visits") as first, connected(app.dispatch, "/visits") as second:
        await opened(first, clock)
        await second.started()
        assert len(app.streams) == 2
        app.streams.end()
        assert (await first.rest(), await second.rest()) == (b"", b"")
        await first.task
        await second.task
    assert feed.closed == 2


async def test_nothing_is_left_running_behind_a_stream(clock: TestClock) -> None:
    before = asyncio.all_tasks()
    app, _ = app_of(clock)
    async with connected(app.dispatch, "/visits") as connection:
        await opened(connection, clock)
        connection.disconnect()
        await connection.task
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/three", "".join(f'data: {{"id":{n},"pet":"Leo"}}\n\n' for n in range(3))),
        ("/texts", "data: one\ndata: two\ndata: three\n\n"),
    ],
)
async def test_anything_may_be_the_data_of_an_event(path: str, body: str) -> None:
    async with client_of(Visits) as client:
        response = await client.get(path)
        assert response.headers["content-type"] == "text/event-stream"
        assert response.text == body


async def test_a_stream_may_have_headers_of_its_own() -> None:
    async with client_of(Visits) as client:
        assert (await client.get("/texts")).headers.get_list("cache-control") == ["no-cache"]


async def test_a_refusal_before_the_first_event_is_an_error_response() -> None:
    async with client_of(Visits) as client:
        assert (await client.get("/refused")).status_code == 418


async def test_what_fails_before_the_stream_is_returned_is_an_error_however_long_it_takes(
    clock: TestClock,
) -> None:
    app, feed = app_of(clock)
    async with connected(app.dispatch, "/slowly-refused") as connection:
        await clock.elapse(60)
        assert not connection.waiting
        feed.allowed.set()
        assert await connection.started() == 418


async def test_an_id_cannot_smuggle_a_field_into_a_stream() -> None:
    async with client_of(Visits) as client:
        response = await client.get("/poisoned")
        assert response.status_code == 500
        assert "evil" not in response.text


async def test_only_clients_that_accept_events_get_them() -> None:
    async with client_of(Visits) as client:
        assert (await client.get("/three", headers={"Accept": "application/json"})).status_code == 406
        assert (await client.get("/three", headers={"Accept": "text/event-stream"})).status_code == 200


@given(data=st.text(), name=st.text(), number=st.text())
def test_an_event_is_read_back_as_it_was_written(data: str, name: str, number: str) -> None:
    try:
        written = encode_event(ServerSentEvent(data, event=name, id=number), dump_anything)
    except ValueError:
        assert any(char in name + number for char in "\r\n\0") or not (data + name + number).isprintable()
        return
    fields = [line.split(": ", 1) for line in written.decode().split("\n") if line]
    assert [value for key, value in fields if key == "event"] == [name]
    assert "\n".join(value for key, value in fields if key == "data") == data.replace("\r\n", "\n").replace(
        "\r", "\n"
    )
    assert written.endswith(b"\n\n")


def test_an_event_may_consist_of_anything() -> None:
    event: ServerSentEvent[Any] = ServerSentEvent(retry=timedelta(seconds=1.5), comment="hi")
    assert encode_event(event, dump_anything) == b": hi\nretry: 1500\n\n"
