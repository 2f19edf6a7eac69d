"""Streams: JSON Lines, bytes and text, their ends good and bad."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.container import Scope, rest_controller, service
from pyfly.kernel import ResourceNotFoundException
from pyfly.web import (
    ByteStream,
    CallNext,
    JsonLines,
    PathVar,
    QueryParam,
    Request,
    Response,
    get_mapping,
    post_mapping,
)
from pyfly.web.assembly import Assembly
from tests.web.connections import connected, scope_of
from tests.web.support import assembled, client_of, container_of


class Row(BaseModel):
    id: int
    name: str = "x"


class Journal:
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.go = asyncio.Event()


@service(scope=Scope.REQUEST)
class Session:
    def __init__(self) -> None:
        self.is_open = True


color: ContextVar[str] = ContextVar("color", default="none")


@rest_controller
class Rows:
    journal: Journal

    @get_mapping("/lines")
    async def lines(self, count: QueryParam[int] = 2) -> AsyncIterator[Row]:
        for number in range(count):
            yield Row(id=number)

    @get_mapping("/returned/{count}")
    async def returned(self, count: PathVar[int]) -> JsonLines[Row]:
        if count > 10:
            raise ResourceNotFoundException("too many", code="TOO_MANY")
        return JsonLines(self.lines(count), status=202, headers={"X-Count": str(count)})

    @get_mapping("/text")
    async def text(self) -> AsyncIterator[str]:
        yield "grüße, "
        yield "welt"

    @get_mapping("/csv", produces="text/csv")
    async def csv(self) -> AsyncGenerator[str, None]:
        yield "a,b\n"
        yield "1,2\n"

    @get_mapping("/bytes")
    def parts(self) -> ByteStream:
        return ByteStream([b"a", b"b"])

    @get_mapping("/generator")
    def generator(self) -> Iterator[int]:
        yield 1
        yield 2

    @get_mapping("/unannotated")
    async def unannotated(self):  # type: ignore[no-untyped-def]  # what is not said is JSON Lines
        yield {"a": 1}

    @get_mapping("/missing")
    async def missing(self) -> AsyncIterator[Row]:
        raise ResourceNotFoundException("nothing here", code="GONE")
        yield Row(id=1)

    @get_mapping("/breaks")
    async def breaks(self) -> AsyncIterator[Row]:
        yield Row(id=1)
        await self.journal.go.wait()
        raise RuntimeError("the disk is full")

    @get_mapping("/wrong")
    async def wrong(self) -> AsyncIterator[Row]:
        yield Row(id=1)
        await self.journal.go.wait()
        yield {"nothing": "of the kind"}  # type: ignore[misc]

    @get_mapping("/endless")
    async def endless(self) -> AsyncIterator[Row]:
        try:
            yield Row(id=1)
            await asyncio.Event().wait()
        finally:
            self.journal.notes.append("closed")

    @get_mapping("/stubborn")
    async def stubborn(self) -> AsyncIterator[Row]:
        try:
            while True:
                yield Row(id=1)
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    self.journal.notes.append("not now")
        finally:
            self.journal.notes.append("closed")

    @get_mapping("/flood")
    async def flood(self) -> AsyncIterator[bytes]:
        for number in range(100):
            self.journal.notes.append(str(number))
            yield bytes(16 * 1024)

    @get_mapping("/context")
    async def context(self) -> AsyncIterator[str]:
        token = color.set("blue")
        for _ in range(3):
            await asyncio.sleep(0)
            yield color.get()
        color.reset(token)

    @post_mapping("/upper")
    async def upper(self, request: Request) -> AsyncIterator[bytes]:
        async for chunk in request.stream():
            yield chunk.upper()

    @get_mapping("/asking")
    async def asking(self, request: Request) -> AsyncIterator[str]:
        try:
            yield repr(await request.body())
            await asyncio.Event().wait()
        finally:
            self.journal.notes.append(f"disconnected: {await request.is_disconnected()}")

    @post_mapping("/ignoring")
    async def ignoring(self, request: Request) -> AsyncIterator[Row]:
        try:
            yield Row(id=1)
            await asyncio.Event().wait()
        finally:
            self.journal.notes.append("cleaning")
            for _ in range(3):
                await asyncio.sleep(0)
            self.journal.notes.append("cleaned")


@rest_controller
class Scoped:
    @get_mapping("/scoped")
    async def scoped(self, session: Session) -> AsyncIterator[bool]:
        yield session.is_open
        await asyncio.sleep(0)
        yield session.is_open


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def app(journal: Journal) -> Assembly:
    container = container_of(Rows)
    assembly = assembled(container)
    container.resolve(Rows).journal = journal
    return assembly


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("path", "content_type", "body"),
    [
        ("/lines", "application/jsonl", b'{"id":0,"name":"x"}\n{"id":1,"name":"x"}\n'),
        ("/lines?count=0", "application/jsonl", b""),
        ("/text", "text/plain; charset=utf-8", "grüße, welt".encode()),
        ("/csv", "text/csv", b"a,b\n1,2\n"),
        ("/bytes", "application/octet-stream", b"ab"),
        ("/generator", "application/jsonl", b"1\n2\n"),
        ("/unannotated", "application/jsonl", b'{"a":1}\n'),
    ],
)
async def test_a_stream_is_written_as_its_annotation_says(path: str, content_type: str, body: bytes) -> None:
    async with client_of(Rows) as client:
        response = await client.get(path)
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)
        assert response.content == body


async def test_a_returned_stream_has_its_own_status_and_headers() -> None:
    async with client_of(Rows) as client:
        response = await client.get("/returned/1")
        assert (response.status_code, response.headers["x-count"]) == (202, "1")


@pytest.mark.parametrize("path", ["/returned/11", "/missing"])
async def test_a_stream_that_fails_before_it_begins_is_an_error_response(path: str) -> None:
    async with client_of(Rows) as client:
        response = await client.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "reason"), [("/breaks", "disk is full"), ("/wrong", "no Row")])
async def test_a_stream_that_fails_midway_has_no_proper_end_and_is_logged(
    path: str, reason: str, app: Assembly, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "pyfly.web"):
        async with connected(app.dispatch, path, headers=[("x-request-id", "id-1")]) as connection:
            assert await connection.started() == 200
            assert await connection.chunk() == b'{"id":1,"name":"x"}\n'
            journal.go.set()
            with pytest.raises(Exception, match=reason):
                await connection.task
            assert not connection.waiting
    (message,) = [item.getMessage() for item in caplog.records if "broke off" in item.getMessage()]
    assert "id-1" in message
    assert path in message


async def test_a_client_that_goes_away_closes_the_generator_once(app: Assembly, journal: Journal) -> None:
    async with connected(app.dispatch, "/endless") as connection:
        await connection.started()
        await connection.chunk()
        connection.disconnect()
        await connection.task
        assert journal.notes == ["closed"]
        assert not connection.waiting
    assert len(app.streams) == 0


async def test_a_generator_that_ignores_the_end_is_closed_at_its_next_item(
    app: Assembly, journal: Journal
) -> None:
    async with connected(app.dispatch, "/stubborn") as connection:
        await connection.started()
        connection.disconnect()
        await connection.task
    assert journal.notes[-1] == "closed"


async def test_a_cancelled_request_closes_the_generator(app: Assembly, journal: Journal) -> None:
    async with connected(app.dispatch, "/endless") as connection:
        await connection.started()
        connection.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connection.task
    assert journal.notes == ["closed"]


async def test_a_server_that_stops_ends_streams_properly(app: Assembly, journal: Journal) -> None:
    async with connected(app.dispatch, "/endless") as connection:
        await connection.started()
        await connection.chunk()
        app.streams.end()
        assert await connection.rest() == b""
        await connection.task
    assert journal.notes == ["closed"]


async def test_a_stream_that_comes_after_the_stop_ends_at_once(app: Assembly) -> None:
    app.streams.end()
    async with connected(app.dispatch, "/endless") as connection:
        await connection.started()
        assert len(await connection.rest()) <= 30
        await connection.task


async def test_a_slow_client_holds_the_generator_back(journal: Journal) -> None:
    container = container_of(Rows)
    app = assembled(container)
    container.resolve(Rows).journal = journal
    gate = asyncio.Event()
    total = 0

    async def send(message: Any) -> None:
        nonlocal total
        await gate.wait()
        total += len(message.get("body", b""))

    async def receive() -> Any:
        await asyncio.Event().wait()

    task = asyncio.ensure_future(app.dispatch(scope_of("/flood"), receive, send))
    await settled()
    assert len(journal.notes) <= 10
    gate.set()
    await task
    assert total == 100 * 16 * 1024


async def test_context_variables_live_as_long_as_the_generator() -> None:
    async with client_of(Rows) as client:
        assert (await client.get("/context")).text == "blueblueblue"


async def test_a_stream_keeps_its_request_scope_open() -> None:
    async with client_of(Scoped, Session) as client:
        assert (await client.get("/scoped")).text == "true\ntrue\n"


async def test_a_head_request_gets_the_headers_and_closes_the_generator(
    app: Assembly, journal: Journal
) -> None:
    async with connected(app.dispatch, "/endless", method="HEAD") as connection:
        assert await connection.started() == 200
        assert await connection.rest() == b""
        await connection.task
    assert journal.notes == ["closed"]


async def test_a_generator_may_read_the_body_while_it_answers() -> None:
    async with client_of(Rows) as client:
        assert (await client.post("/upper", content=b"abc")).content == b"ABC"


async def test_a_generator_with_a_request_still_learns_that_its_client_has_gone(
    app: Assembly, journal: Journal
) -> None:
    async with connected(app.dispatch, "/asking") as connection:
        await connection.started()
        assert await connection.chunk() == b"b''"
        connection.disconnect()
        await connection.task
    assert journal.notes == ["disconnected: True"]


@pytest.mark.parametrize("length", [1, 2_000_000])
async def test_a_client_that_goes_is_noticed_although_nobody_reads_its_body_and_the_end_takes_its_time(
    app: Assembly, journal: Journal, length: int
) -> None:
    headers = [("content-length", str(length))]
    async with connected(app.dispatch, "/ignoring", "POST", headers, b"x" * length) as connection:
        await connection.started()
        await connection.chunk()
        connection.disconnect()
        await connection.task
    assert journal.notes == ["cleaning", "cleaned"]


class ReadingFirst:
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        await request.body()
        return await call_next(request)

    def should_not_filter(self, request: Any) -> bool:
        return False


async def test_a_stream_behind_a_filter_that_reads_the_body_lets_others_have_their_turn(
    journal: Journal,
) -> None:
    container = container_of(Rows, service(ReadingFirst))
    app = assembled(container)
    container.resolve(Rows).journal = journal
    headers = [("content-length", "1")]
    async with asyncio.timeout(10), connected(app.dispatch, "/ignoring", "POST", headers, b"x") as connection:
        await connection.started()
        await connection.chunk()
        connection.disconnect()
        await connection.task
    assert journal.notes == ["cleaning", "cleaned"]


class Instead:
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        await call_next(request)
        return Response("something else")

    def should_not_filter(self, request: Any) -> bool:
        return False


class Adding:
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers["x-seen"] = str(response.status_code)
        return response

    def should_not_filter(self, request: Any) -> bool:
        return False


async def test_a_stream_that_a_filter_replaces_is_closed(journal: Journal) -> None:
    container = container_of(Rows, Instead)
    app = assembled(container)
    container.resolve(Rows).journal = journal
    async with connected(app.dispatch, "/endless") as connection:
        await connection.started()
        assert await connection.rest() == b"something else"
        await connection.task
    await settled()
    assert (len(app.streams), journal.notes) == (0, ["closed"])


async def test_a_filter_may_add_headers_to_a_stream(journal: Journal) -> None:
    container = container_of(Rows, Adding)
    app = assembled(container)
    container.resolve(Rows).journal = journal
    async with connected(app.dispatch, "/endless") as connection:
        await connection.started()
        assert connection.headers["x-seen"] == "200"
        connection.disconnect()
        await connection.task
