"""Media types: who gets what, who is refused, and how the headers are read."""

from typing import Any
from xml.sax.saxutils import escape

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pyfly.container import service
from pyfly.container.exceptions import BeanGraphError
from pyfly.web import (
    Body,
    HttpMessageConverter,
    Response,
    ResponseEntity,
    get_mapping,
    post_mapping,
    put_mapping,
    rest_controller,
)
from pyfly.web.negotiation.media_types import parse_accept, parse_media_type, quality_of
from pyfly.web.ports.messages import Reader, Writer
from tests.web.support import client_of


class Pet(BaseModel):
    name: str


@service
class PetXml(HttpMessageConverter):
    media_types = ("application/xml",)

    def writer(self, annotation: Any, /) -> Writer | None:
        return (lambda pet: f"<pet>{escape(pet.name)}</pet>".encode()) if annotation is Pet else None

    def reader(self, annotation: Any, /) -> Reader | None:
        return self._read if annotation is Pet else None

    def _read(self, body: bytes) -> Pet:
        text = body.decode()
        if not text.startswith("<pet>"):
            raise ValueError("no pet")
        return Pet(name=text.removeprefix("<pet>").removesuffix("</pet>"))


@rest_controller
class Pets:
    @get_mapping("/pet")
    async def pet(self) -> Pet:
        return Pet(name="Leo")

    @get_mapping("/entity")
    async def entity(self) -> ResponseEntity[Pet]:
        return ResponseEntity(Pet(name="Leo"), headers={"X-A": "1"})

    @post_mapping("/pet")
    async def add(self, pet: Pet) -> Pet:
        return pet

    @get_mapping("/plain", produces="text/plain; charset=utf-8")
    async def plain(self) -> str:
        return "grün"

    @get_mapping("/text")
    async def text(self) -> str:
        return "grün"

    @get_mapping("/image", produces="image/png")
    async def image(self) -> bytes:
        return b"PNG"

    @get_mapping("/vendor", produces="application/vnd.shop+json")
    async def vendor(self) -> Pet:
        return Pet(name="Leo")

    @get_mapping("/both", produces=("application/json", "application/hal+json"))
    async def both(self) -> Pet:
        return Pet(name="Leo")

    @put_mapping("/patch", consumes="application/merge-patch+json")
    async def patch(self, pet: Pet) -> str:
        return pet.name

    @get_mapping("/unknown")
    async def unknown(self):  # type: ignore[no-untyped-def]  # what is not said cannot be refused
        return {"a": 1}

    @get_mapping("/nothing")
    async def nothing(self) -> None:
        return None


@rest_controller
class Split:
    @get_mapping("/report", produces="application/json")
    async def as_json(self) -> dict[str, int]:
        return {"total": 1}

    @get_mapping("/report", produces="text/csv")
    async def as_csv(self) -> str:
        return "total\n1\n"

    @post_mapping("/report", consumes="application/json")
    async def from_json(self, pet: Pet) -> str:
        return "json"

    @post_mapping("/report", consumes="application/vnd.old+json")
    async def from_old(self, pet: Pet) -> str:
        return "old"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "accept", "status", "content_type"),
    [
        ("/pet", None, 200, "application/json"),
        ("/pet", "*/*", 200, "application/json"),
        ("/pet", "application/*", 200, "application/json"),
        ("/pet", BROWSER, 200, "application/json"),
        ("/pet", "application/json;charset=utf-8", 200, "application/json"),
        ("/pet", "APPLICATION/JSON", 200, "application/json"),
        ("/pet", "text/html", 406, "application/problem+json"),
        ("/pet", "application/json;q=0", 406, "application/problem+json"),
        ("/pet", "application/json;q=0, */*", 406, "application/problem+json"),
        ("/pet", "rubbish", 406, "application/problem+json"),
        ("/pet", "", 200, "application/json"),
        ("/text", "text/plain", 406, "application/problem+json"),
        ("/plain", "text/*", 200, "text/plain; charset=utf-8"),
        ("/plain", "application/json", 406, "application/problem+json"),
        ("/image", "image/*;q=0.1", 200, "image/png"),
        ("/vendor", None, 200, "application/vnd.shop+json"),
        ("/vendor", "application/*+json", 200, "application/vnd.shop+json"),
        ("/both", None, 200, "application/json"),
        ("/both", "application/hal+json", 200, "application/hal+json"),
        ("/both", "application/hal+json;q=0.5, application/json;q=0.4", 200, "application/hal+json"),
        ("/both", "text/html", 406, "application/problem+json"),
        ("/unknown", "text/html", 200, "application/json"),
    ],
)
async def test_an_answer_has_the_media_type_that_the_client_likes_best(
    path: str, accept: str | None, status: int, content_type: str
) -> None:
    async with client_of(Pets) as client:
        request = client.build_request("GET", path)
        del request.headers["accept"]
        if accept is not None:
            request.headers["accept"] = accept
        response = await client.send(request)
        assert (response.status_code, response.headers["content-type"]) == (status, content_type)


async def test_a_handler_without_a_result_is_never_refused() -> None:
    async with client_of(Pets) as client:
        assert (await client.get("/nothing", headers={"Accept": "text/html"})).status_code == 204


async def test_a_refusal_tells_what_there_is() -> None:
    async with client_of(Pets) as client:
        response = await client.get("/both", headers={"Accept": "text/html"})
        assert "application/json, application/hal+json" in response.text


async def test_texts_and_bytes_are_sent_as_they_are_where_the_mapping_says_so() -> None:
    async with client_of(Pets) as client:
        assert (await client.get("/plain")).content == "grün".encode()
        assert (await client.get("/image")).content == b"PNG"
        assert (await client.get("/text")).content == '"grün"'.encode()


async def test_a_choice_is_told_to_caches() -> None:
    async with client_of(Pets) as client:
        assert (await client.get("/both")).headers["vary"] == "accept"
        assert "vary" not in (await client.get("/pet")).headers


@pytest.mark.parametrize("path", ["/pet", "/entity"])
async def test_a_converter_adds_a_media_type_to_every_route_of_its_type(path: str) -> None:
    async with client_of(Pets, PetXml) as client:
        response = await client.get(path, headers={"Accept": "application/xml"})
        assert response.headers["content-type"] == "application/xml"
        assert response.text == "<pet>Leo</pet>"
        assert (await client.get(path)).json() == {"name": "Leo"}


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/xml", "<pet>Leo</pet>", 200),
        ("application/xml; charset=utf-8", "<pet>Leo</pet>", 200),
        ("application/json", '{"name": "Leo"}', 200),
        ("application/vnd.x+json", '{"name": "Leo"}', 200),
        ("application/xml", "<cat/>", 400),
        ("text/plain", "Leo", 415),
    ],
)
async def test_a_body_is_read_by_whoever_knows_its_content_type(
    content_type: str, body: str, status: int
) -> None:
    async with client_of(Pets, PetXml) as client:
        response = await client.post("/pet", content=body, headers={"Content-Type": content_type})
        assert response.status_code == status
        assert status != 200 or response.json() == {"name": "Leo"}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("application/merge-patch+json", 200), ("application/json", 415), ("text/csv", 415), (None, 415)],
)
async def test_a_mapping_takes_only_what_it_consumes(content_type: str | None, status: int) -> None:
    async with client_of(Pets) as client:
        headers = {} if content_type is None else {"Content-Type": content_type}
        response = await client.put("/patch", content='{"name": "Leo"}', headers=headers)
        assert response.status_code == status
        if status == 415:
            assert response.headers["accept"] == "application/merge-patch+json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("application/json", '{"total":1}'), ("text/csv", "total\n1\n"), ("*/*", '{"total":1}')],
)
async def test_routes_of_one_path_are_told_apart_by_what_they_produce(accept: str, expected: str) -> None:
    async with client_of(Split) as client:
        assert (await client.get("/report", headers={"Accept": accept})).text == expected


async def test_routes_of_one_path_are_told_apart_by_what_they_consume() -> None:
    async with client_of(Split) as client:

        async def post(content_type: str) -> httpx.Response:
            return await client.post(
                "/report", content='{"name":"x"}', headers={"Content-Type": content_type}
            )

        assert (await post("application/json")).json() == "json"
        assert (await post("application/vnd.old+json")).json() == "old"
        assert (await post("text/csv")).status_code == 415


async def test_routes_that_nothing_tells_apart_stop_the_start() -> None:
    @rest_controller
    class Twice:
        @get_mapping("/x", produces="text/csv")
        async def one(self) -> str:
            raise NotImplementedError

        @get_mapping("/x", produces="text/csv")
        async def two(self) -> str:
            raise NotImplementedError

    with pytest.raises(BeanGraphError, match="mapped twice"):
        client_of(Twice)


async def test_a_media_type_that_nobody_writes_stops_the_start() -> None:
    @rest_controller
    class Wrong:
        @get_mapping("/x", produces="application/xml")
        async def one(self) -> Pet:
            raise NotImplementedError

    with pytest.raises(Exception, match="nothing writes Pet as application/xml"):
        client_of(Wrong)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text/html", ("text", "html")),
        (" Text/HTML ; q=1", ("text", "html")),
        ("*/html", None),
        ("text", None),
        ("text/", None),
        ("te xt/html", None),
        ("text/html/x", None),
    ],
)
def test_a_media_type_is_read_strictly(text: str, expected: tuple[str, str] | None) -> None:
    assert parse_media_type(text) == expected


def test_the_most_specific_range_decides() -> None:
    ranges = parse_accept('text/*;q=0.3, text/html;q=0.7, text/html;level="1,2";q=0.9, */*;q=0.5')
    found = [
        quality_of(parsed, ranges)
        for name in ("text/html", "text/plain", "image/png")
        if (parsed := parse_media_type(name))
    ]
    assert found == [0.9, 0.3, 0.5]


@pytest.mark.parametrize("quality", ["1.5", "-1", "1e3", "inf", "nan", "0.1234", "²", ""])
def test_an_impossible_quality_counts_as_none(quality: str) -> None:
    assert parse_accept(f"text/html;q={quality}")[0].quality == 0.0


@pytest.mark.parametrize(
    "hostile",
    [
        "," * 100_000,
        "a/b;" * 50_000,
        'a/b;x="' + "\\" * 100_000,
        "*/*;q=" + "0" * 100_000,
        ("a/b;q=0.1," * 20_000),
    ],
    ids=["commas", "parameters", "quotes", "zeros", "ranges"],
)
def test_a_hostile_header_is_read_in_linear_time(hostile: str) -> None:
    assert len(parse_accept(hostile)) <= 64


@given(st.text(max_size=300))
def test_any_header_can_be_read(text: str) -> None:
    for item in parse_accept(text):
        assert 0.0 <= item.quality <= 1.0


class Feather:
    """Of a library that pydantic knows nothing about."""

    def __init__(self, color: str) -> None:
        self.color = color


@service
class FeatherJson(HttpMessageConverter):
    media_types = ("application/json",)

    def writer(self, annotation: Any, /) -> Writer | None:
        return (lambda found: f'{{"feather":"{found.color}"}}'.encode()) if annotation is Feather else None

    def reader(self, annotation: Any, /) -> Reader | None:
        return (lambda body: Feather(body.decode())) if annotation is Feather else None


@rest_controller
class Feathers:
    @post_mapping("/feather")
    async def dye(self, feather: Body[Feather]) -> Feather:
        return Feather(feather.color.upper())

    @get_mapping("/feather", produces="text/html")
    async def page(self) -> Response:
        return Response("<p>", media_type="text/html")


async def test_types_of_other_libraries_are_read_and_written_by_their_converter() -> None:
    async with client_of(Feathers, FeatherJson) as client:
        response = await client.post("/feather", content="red", headers={"Content-Type": "application/json"})
        assert (response.status_code, response.text) == (200, '{"feather":"RED"}')
        assert (await client.get("/openapi.json")).status_code == 200
        assert (await client.get("/feather")).text == "<p>"


def test_types_of_other_libraries_stop_the_start_if_nobody_converts_them() -> None:
    with pytest.raises(BeanGraphError, match="cannot be used"):
        client_of(Feathers)
    with pytest.raises(Exception, match="nothing writes Feather"):
        client_of(Feathers, PetXml)
