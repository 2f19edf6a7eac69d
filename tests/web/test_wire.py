"""Bytes, numbers that are none, and the names of pages' fields: in answers, bodies and the document."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from websockets.asyncio.client import connect

from pyfly.data import Cursor, Page, Pageable, Slice
from pyfly.kernel.exceptions import ConflictException
from pyfly.web import (
    Body,
    JsonLines,
    ResponseEntity,
    WebSocketSession,
    get_mapping,
    post_mapping,
    rest_controller,
    websocket_mapping,
)
from pyfly.web.type_adapters import adapter_of
from pyfly.web.wire import may_be_no_json, wired
from tests.web.booted import booted
from tests.web.served import served

RAW = b"\xff\xfe"
TEXT = "__4="


class Inner(BaseModel):
    data: bytes


class Blob(BaseModel):
    data: bytes
    inner: list[Inner] = []


class Own(BaseModel):
    model_config = ConfigDict(ser_json_bytes="hex", ser_json_inf_nan="null")
    data: bytes
    size: float = 1.0


@dataclass
class Plain:
    data: bytes | None
    size: float = 1.0


BLOB = Blob(data=RAW, inner=[Inner(data=RAW)])


@rest_controller
class Blobs:
    @get_mapping("/list")
    async def many(self) -> list[bytes]:
        return [RAW]

    @get_mapping("/model")
    async def model(self) -> Blob:
        return BLOB

    @get_mapping("/plain")
    async def plain(self) -> Plain:
        return Plain(RAW)

    @get_mapping("/own")
    async def own(self) -> Own:
        return Own(data=RAW, size=float("inf"))

    @get_mapping("/any")
    async def any(self) -> dict[str, Any]:
        return {"data": RAW}

    @get_mapping("/bare")
    async def bare(self) -> list:  # type: ignore[type-arg]  # what the test is about
        return [RAW]

    @get_mapping("/unsaid")
    async def unsaid(self) -> Any:
        return Inner(data=RAW)

    @get_mapping("/entity")
    async def entity(self) -> ResponseEntity[Blob]:
        return ResponseEntity(BLOB)

    @get_mapping("/lines")
    async def lines(self) -> JsonLines[Inner]:
        async def items() -> AsyncIterator[Inner]:
            yield Inner(data=RAW)

        return JsonLines(items())

    @get_mapping("/failure")
    async def failure(self) -> None:
        raise ConflictException("taken", context={"data": RAW})

    @post_mapping("/echo")
    async def echo(self, blob: Blob) -> Blob:
        assert blob.data == RAW
        return blob

    @post_mapping("/raw")
    async def raw(self, body: Body[bytes]) -> int:
        return len(body)

    @websocket_mapping("/talk")
    async def talk(self, session: WebSocketSession) -> None:
        await session.send(await session.receive(Inner))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/list", [TEXT]),
        ("/model", {"data": TEXT, "inner": [{"data": TEXT}]}),
        ("/plain", {"data": TEXT, "size": 1.0}),
        ("/own", {"data": RAW.hex(), "size": None}),
        ("/entity", {"data": TEXT, "inner": [{"data": TEXT}]}),
        ("/lines", {"data": TEXT}),
    ],
)
async def test_bytes_inside_json_are_base64_unless_a_model_says_otherwise(path: str, body: Any) -> None:
    async with booted(Blobs) as (_, client):
        answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (200, body)


async def test_bytes_of_results_without_a_schema_and_of_errors_are_too() -> None:
    async with booted(Blobs, errors__format="envelope") as (_, client):
        answers = [(await client.get(path)).json() for path in ("/any", "/bare", "/unsaid")]
        failure = await client.get("/failure")
    assert answers == [{"data": TEXT}, [TEXT], {"data": TEXT}]
    assert (failure.status_code, failure.json()["error"]["context"]) == (409, {"data": TEXT})


async def test_what_was_answered_can_be_sent_back() -> None:
    async with booted(Blobs) as (_, client):
        sent = (await client.get("/model")).json()
        assert (await client.post("/echo", json=sent)).json() == sent
        refused = await client.post("/echo", json={"data": "no base64!"})
        raw = await client.post("/raw", content=RAW, headers={"content-type": "application/octet-stream"})
    assert (refused.status_code, refused.json()["errors"][0]["field"], raw.json()) == (422, "data", 2)


async def test_messages_of_websockets_are_read_and_written_alike() -> None:
    async with served(Blobs) as app, connect(f"{app.ws}/talk") as connection:
        await connection.send(f'{{"data":"{TEXT}"}}')
        assert await connection.recv() == f'{{"data":"{TEXT}"}}'


async def test_the_document_says_so() -> None:
    async with booted(Blobs) as running:
        found = await running.document()
    text = {"type": "string", "format": "base64url", "contentEncoding": "base64url"}
    paths, schemas = found["paths"], found["components"]["schemas"]
    listed = paths["/list"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert listed == {"type": "array", "items": text}
    assert schemas["Inner"]["properties"]["data"] == {**text, "title": "Data"}


class Stats(BaseModel):
    mean: float
    note: str = ""


@rest_controller
class Numbers:
    @get_mapping("/float")
    async def float(self, value: str) -> float:
        return float(value)

    @get_mapping("/model")
    async def model(self, value: str) -> Stats:
        return Stats(mean=float(value), note="NaN and Infinity are words")

    @get_mapping("/any")
    async def any(self, value: str) -> Any:
        return Stats(mean=float(value)) if value == "-inf" else {"mean": float(value)}

    @get_mapping("/entity")
    async def entity(self, value: str) -> ResponseEntity[list[Stats]]:
        return ResponseEntity([Stats(mean=float(value))])


@pytest.mark.parametrize("path", ["/float", "/model", "/entity"])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
async def test_what_is_no_number_breaks_the_promise_of_the_annotation(path: str, value: str) -> None:
    async with booted(Numbers) as (_, client):
        refused = await client.get(path, params={"value": value})
        fine = await client.get(path, params={"value": "1.5"})
    assert (refused.status_code, fine.status_code, "1.5" in fine.text) == (500, 200, True)


async def test_where_nothing_is_promised_it_is_null() -> None:
    async with booted(Numbers) as (_, client):
        assert (await client.get("/any?value=nan")).json() == {"mean": None}
        assert (await client.get("/any?value=-inf")).json() == {"mean": None, "note": ""}


@rest_controller
class Pages:
    @get_mapping("/page")
    async def page(self, page: Pageable) -> Page[Stats]:
        return Page([Stats(mean=1.0)], 30, 1, 20)

    @get_mapping("/slice")
    async def slice(self) -> ResponseEntity[Slice[int]]:
        return ResponseEntity(Slice([1], 1, 1, has_next=False))

    @get_mapping("/cursor")
    async def cursor(self) -> Cursor[int]:
        return Cursor([1], 1, "x")


@pytest.mark.parametrize(
    ("naming", "names"),
    [
        ("snake", ("total_pages", "has_next", "has_previous")),
        ("camel", ("totalPages", "hasNext", "hasPrevious")),
    ],
)
async def test_one_key_decides_how_the_fields_of_pages_are_called(
    naming: str, names: tuple[str, str, str]
) -> None:
    pages, following, before = names
    async with booted(Pages, json__naming=naming, response_validation="strict") as running:
        found = {path: (await running.client.get(path)) for path in ("/page", "/slice", "/cursor")}
        document = await running.document()
    paths, schemas = document["paths"], document["components"]["schemas"]
    assert set(found["/page"].json()) == {"items", "total", "page", "size", pages, following, before}
    assert found["/page"].json()["items"] == [{"mean": 1.0, "note": ""}]
    assert 'rel="next"' in found["/page"].headers["link"]
    assert set(found["/slice"].json()) == {"items", "page", "size", following, before}
    assert set(found["/cursor"].json()) == {"items", "size", "next", following}
    for path, answer in found.items():
        schema = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
        assert set(schema["properties"]) == set(answer.json())
        assert set(schema["required"]) <= set(schema["properties"])


def test_types_without_any_of_this_stay_as_pydantic_compiles_them() -> None:
    adapter = adapter_of(list[int], "a list")
    compiled = adapter.serializer
    assert wired(adapter, camel=True).serializer is compiled


class Named(BaseModel):
    metadata: bytes
    default: Inner
    cls: list[bytes]
    expected: float


def test_fields_may_be_called_as_what_is_left_alone_in_a_schema_is() -> None:
    adapter = wired(adapter_of(Named, "a value"))
    written = b'{"metadata":"%b","default":{"data":"%b"},"cls":["%b"],"expected":1.0}'
    content = written.replace(b"%b", TEXT.encode())
    value = Named(metadata=RAW, default=Inner(data=RAW), cls=[RAW], expected=1)
    assert adapter.serializer.to_json(value) == content
    assert adapter.validator.validate_json(content) == value
    assert may_be_no_json(adapter)


def test_fields_may_be_called_as_the_parts_of_a_schema_are() -> None:
    class Part(BaseModel):
        type: Inner
        schema_: list[Any] = []

    dumped = wired(adapter_of(Part, "a part")).serializer.to_json(Part(type=Inner(data=RAW)))
    assert dumped == b'{"type":{"data":"%s"},"schema_":[]}' % TEXT.encode()
