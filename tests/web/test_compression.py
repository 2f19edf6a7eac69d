"""Compression: what is compressed, for whom, and what it does to headers."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pyfly.container import rest_controller
from pyfly.core.config import Config
from pyfly.web import ByteStream, EventStream, FileContent, Response, ResponseEntity, get_mapping
from pyfly.web.compression.accepting import Codings
from pyfly.web.compression.properties import CompressionProperties
from pyfly.web.compression.stage import Compression, add_vary
from tests.web.connections import connected
from tests.web.support import assembled, client_of, container_of

SOURCE = Path(__file__).read_bytes()
TEXT = "All work and no play. " * 500


def config(**settings: object) -> Config:
    return Config({"pyfly": {"web": {"compression": {"enabled": True, **settings}}}})


@rest_controller
class Texts:
    go: asyncio.Event

    @get_mapping("/json")
    async def json(self) -> str:
        return TEXT

    @get_mapping("/small")
    async def small(self) -> str:
        return "small"

    @get_mapping("/huge")
    async def huge(self) -> str:
        return TEXT * 20

    @get_mapping("/image")
    async def image(self) -> bytes:
        return TEXT.encode()

    @get_mapping("/tagged")
    async def tagged(self) -> ResponseEntity[str]:
        return ResponseEntity(TEXT, headers={"ETag": '"1"', "Vary": "Origin"})

    @get_mapping("/encoded")
    async def encoded(self) -> ResponseEntity[str]:
        return ResponseEntity(TEXT, headers={"Content-Encoding": "x-own"})

    @get_mapping("/untouched")
    async def untouched(self) -> ResponseEntity[str]:
        return ResponseEntity(TEXT, headers={"Cache-Control": "no-transform"})

    @get_mapping("/response")
    async def response(self) -> Response:
        return Response(TEXT, media_type="text/html")

    @get_mapping("/lines")
    async def lines(self) -> AsyncIterator[str]:
        yield TEXT
        await self.go.wait()
        yield "the end"

    @get_mapping("/events")
    async def events(self) -> EventStream[str]:
        return EventStream([TEXT])

    @get_mapping("/file")
    async def file(self) -> FileContent:
        return FileContent(Path(__file__), media_type="text/plain")

    @get_mapping("/stream")
    async def stream(self) -> ByteStream:
        return ByteStream([TEXT.encode()])


@pytest.mark.parametrize("path", ["/json", "/huge", "/response", "/tagged"])
@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_an_answer_is_compressed_as_the_client_asks(path: str, coding: str) -> None:
    async with client_of(Texts, config=config()) as client:
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        async with client.stream("GET", path, headers={"Accept-Encoding": coding}) as response:
            raw = b"".join([part async for part in response.aiter_raw()])
        assert response.headers["content-encoding"] == coding
        assert int(response.headers["content-length"]) == len(raw) < len(plain.content) / 5
        decoders = {
            "gzip": gzip.decompress,
            "br": brotli.decompress,
            "zstd": zstandard.ZstdDecompressor().decompressobj().decompress,
        }
        assert decoders[coding](raw) == plain.content
        assert "Accept-Encoding" in plain.headers["vary"]
        assert "Accept-Encoding" in response.headers["vary"]


async def test_a_file_whose_path_the_server_is_given_is_sent_as_it_is() -> None:
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
    messages = [start, {"type": "http.response.pathsend", "path": "/a"}]

    async def file(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "headers": [(b"accept-encoding", b"gzip")]}

    async def receive() -> Any:
        raise AssertionError

    async def respond(_scope: Any, _receive: Any) -> Any:
        return file

    reply: Any = await Compression(CompressionProperties(enabled=True)).around(respond)(scope, receive)
    await reply(scope, receive, send)
    assert sent == messages


@pytest.mark.parametrize("path", ["/small", "/image", "/encoded", "/untouched", "/events", "/stream"])
async def test_what_gains_nothing_is_sent_as_it_is(path: str) -> None:
    async with client_of(Texts, config=config()) as client:
        response = await client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert response.headers.get("content-encoding") != "gzip"


async def test_a_strong_tag_becomes_a_weak_one() -> None:
    async with client_of(Texts, config=config()) as client:
        assert (await client.get("/tagged", headers={"Accept-Encoding": "gzip"})).headers["etag"] == 'W/"1"'
        assert (await client.get("/tagged", headers={"Accept-Encoding": "identity"})).headers["etag"] == '"1"'
        seen = {"Accept-Encoding": "gzip", "If-None-Match": 'W/"1"'}
        assert (await client.get("/tagged", headers=seen)).status_code == 304


async def test_each_part_of_a_stream_can_be_read_at_once() -> None:
    container = container_of(Texts)
    app = assembled(container, config=config())
    container.resolve(Texts).go = asyncio.Event()
    async with connected(app.dispatch, "/lines", headers=[("accept-encoding", "gzip")]) as connection:
        await connection.started()
        assert connection.headers["content-encoding"] == "gzip"
        assert "content-length" not in connection.headers
        reader = zlib.decompressobj(31)
        assert reader.decompress(await connection.chunk()).decode() == TEXT
        container.resolve(Texts).go.set()
        assert reader.decompress(await connection.rest()).decode() == "the end"
        assert reader.eof


async def test_a_file_is_compressed_and_a_range_of_it_is_not() -> None:
    async with client_of(Texts, config=config()) as client:
        whole = await client.get("/file", headers={"Accept-Encoding": "gzip"})
        assert whole.headers["content-encoding"] == "gzip"
        assert whole.content == SOURCE
        assert whole.headers["etag"].startswith('W/"')
        part = await client.get("/file", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-1999"})
        assert (part.status_code, "content-encoding" in part.headers) == (206, False)


async def test_size_and_types_are_settings() -> None:
    async with client_of(
        Texts, config=config(types=["application/octet-stream"], **{"min-size": 1})
    ) as client:
        assert "content-encoding" not in (await client.get("/json")).headers
        assert (await client.get("/image")).headers["content-encoding"]


async def test_a_head_request_gets_the_headers_of_the_compressed_answer() -> None:
    async with client_of(Texts, config=config()) as client:
        headers = {"Accept-Encoding": "gzip"}
        head, whole = await client.head("/json", headers=headers), await client.get("/json", headers=headers)
        assert head.headers["content-length"] == whole.headers["content-length"]
        assert head.content == b""


async def test_nothing_is_compressed_without_the_setting() -> None:
    async with client_of(Texts) as client:
        assert "content-encoding" not in (await client.get("/json")).headers


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("*", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, *", "zstd"),
        ("identity, gzip;q=0.5", ""),
        ("gzip;q=0", ""),
        ("gzip;q=rubbish", ""),
        ("GZIP", "gzip"),
        ("x" * 10_000, ""),
        ("", ""),
    ],
)
def test_the_best_coding_is_chosen(header: str, expected: str) -> None:
    codings = Codings(("br", "zstd", "gzip"))
    for _ in range(2):
        assert codings.choose([(b"accept-encoding", header.encode())]) == expected


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_any_accept_encoding_can_be_read(text: str) -> None:
    assert Codings(("br", "gzip")).choose([(b"accept-encoding", text.encode("latin-1"))]) in (
        "",
        "br",
        "gzip",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], b"Accept-Encoding"),
        ([(b"vary", b"Origin")], b"Origin, Accept-Encoding"),
        ([(b"vary", b"*")], b"*"),
    ],
)
def test_what_an_answer_varies_with_is_added_up(before: list[tuple[bytes, bytes]], after: bytes) -> None:
    headers = [*before]
    add_vary(headers)
    add_vary(headers)
    assert headers == [(b"vary", after)]
