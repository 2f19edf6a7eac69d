"""The document names the representations that a route reads and writes: chosen, converted, streamed."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from pydantic import BaseModel

from pyfly.container import component
from pyfly.core.config.config import Config
from pyfly.web import Body, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.ports.messages import HttpMessageConverter, Reader, Writer
from pyfly.web.streaming import EventStream, ServerSentEvent
from pyfly.web.streaming.files import FileContent
from tests.web.support import client_of


class Reading(BaseModel):
    celsius: float


@component
class Csv(HttpMessageConverter):
    media_types: Sequence[str] = ("text/csv",)

    def writer(self, annotation: Any, /) -> Writer | None:
        return (lambda value: b"20.5") if annotation is Reading else None

    def reader(self, annotation: Any, /) -> Reader | None:
        return (lambda body: Reading(celsius=float(body))) if annotation is Reading else None


@rest_controller
@request_mapping("/readings")
class ReadingController:
    @get_mapping("/last")
    async def last(self) -> Reading:
        return Reading(celsius=20.5)

    @post_mapping()
    async def add(self, reading: Reading) -> None: ...

    @post_mapping("/raw", consumes="application/x-thermo")
    async def add_raw(self, reading: Body[bytes]) -> None: ...

    @get_mapping("/page", produces="text/html")
    async def page(self) -> str:
        return "<p>20.5"

    @get_mapping("/vendor", produces=("application/vnd.thermo+json", "application/json"))
    async def vendor(self) -> Reading:
        return Reading(celsius=20.5)

    @get_mapping("/stream")
    async def stream(self) -> EventStream[ServerSentEvent[Reading]]:
        return EventStream([])

    @get_mapping("/lines")
    async def lines(self) -> AsyncIterator[Reading]:
        yield Reading(celsius=20.5)

    @get_mapping("/chart", produces="image/png")
    async def chart(self) -> FileContent:
        return FileContent(b"")

    @get_mapping("/dump")
    async def dump(self) -> AsyncIterator[bytes]:
        yield b"20.5"


@rest_controller
@request_mapping("/reports")
class ReportController:
    @get_mapping("/{day}", produces="application/json")
    async def as_json(self, day: int, size: int = 1) -> Reading:
        return Reading(celsius=day)

    @get_mapping("/{day}", produces="text/plain")
    async def as_text(self, day: int, width: int) -> str:
        return str(day)

    @post_mapping(consumes="application/json")
    async def add_json(self, reading: Reading) -> None: ...

    @post_mapping(consumes="text/plain")
    async def add_text(self, reading: Body[str]) -> None: ...


READING = {"$ref": "#/components/schemas/Reading"}
TEXT = {"type": "string"}


async def operations(*classes: type) -> dict[str, Any]:
    async with client_of(*(classes or (ReadingController,))) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    return {operation["operationId"]: operation for item in paths.values() for operation in item.values()}


def answered(operation: dict[str, Any]) -> Any:
    return operation["responses"]["200"]["content"]


async def test_json_is_what_is_read_and_written_unless_something_else_is_said() -> None:
    found = await operations()
    assert answered(found["last"]) == {"application/json": {"schema": READING}}
    assert found["add"]["requestBody"]["content"] == {"application/json": {"schema": READING}}


async def test_converters_add_what_they_read_and_write() -> None:
    found = await operations(ReadingController, Csv)
    assert answered(found["last"]) == {
        "application/json": {"schema": READING},
        "text/csv": {"schema": READING},
    }
    assert list(found["add"]["requestBody"]["content"]) == ["application/json", "text/csv"]


async def test_mappings_choose_the_media_types_of_bodies_and_answers() -> None:
    found = await operations()
    assert list(found["add_raw"]["requestBody"]["content"]) == ["application/x-thermo"]
    assert answered(found["page"]) == {"text/html": {"schema": TEXT}}
    assert list(answered(found["vendor"])) == ["application/vnd.thermo+json", "application/json"]


async def test_what_cannot_be_written_as_the_client_wants_it_is_documented() -> None:
    found = await operations()
    assert {name for name, each in found.items() if "406" in each["responses"]} >= {"last", "page", "stream"}
    assert "406" not in found["add"]["responses"]


async def test_streams_name_their_media_type_and_what_their_items_look_like() -> None:
    found = await operations()
    (event,) = answered(found["stream"]).values()
    assert event["schema"]["properties"]["data"] == {
        **TEXT,
        "contentMediaType": "application/json",
        "contentSchema": READING,
    }
    assert set(event["schema"]["properties"]) == {"data", "event", "id", "retry"}
    assert answered(found["lines"])["application/jsonl"]["schema"] == {
        **TEXT,
        "contentMediaType": "application/jsonl",
        "contentSchema": {"type": "array", "items": READING},
    }
    assert list(answered(found["stream"])) == ["text/event-stream"]
    assert answered(found["dump"]) == {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
    }


async def test_routes_of_one_path_that_differ_by_media_type_are_one_operation() -> None:
    found = await operations(ReportController)
    assert list(found) == ["as_json", "add_json"]
    assert answered(found["as_json"]) == {
        "application/json": {"schema": READING},
        "text/plain": {"schema": TEXT},
    }
    assert found["add_json"]["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": READING}, "text/plain": {"schema": TEXT}},
    }


async def test_a_parameter_of_one_of_them_is_optional() -> None:
    parameters = (await operations(ReportController))["as_json"]["parameters"]
    assert {each["name"]: each["required"] for each in parameters} == {
        "day": True,
        "size": False,
        "width": False,
    }


async def test_with_entity_tags_every_get_may_answer_304() -> None:
    config = Config({"pyfly": {"web": {"etag": {"enabled": True}}}})
    async with client_of(ReadingController, config=config) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    tagged = paths["/readings/last"]["get"]["responses"]
    assert list(tagged["200"]["headers"]) == list(tagged["304"]["headers"]) == ["ETag"]
    assert "304" not in paths["/readings/stream"]["get"]["responses"]
    assert "304" not in paths["/readings"]["post"]["responses"]


async def test_files_may_be_sent_in_parts_or_not_at_all() -> None:
    responses = (await operations())["chart"]["responses"]
    binary = {"image/png": {"schema": {"type": "string", "format": "binary"}}}
    assert [responses[status]["content"] for status in ("200", "206")] == [binary, binary]
    assert "content" not in responses["304"]
    assert responses["416"]["description"] == "Requested Range Not Satisfiable"
