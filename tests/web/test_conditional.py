"""Entity tags: those of handlers, those of the stage, and what clients ask about them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pyfly.container import rest_controller
from pyfly.core.config import Config
from pyfly.kernel import PreconditionFailedException
from pyfly.web import (
    CallNext,
    Header,
    Request,
    Response,
    ResponseEntity,
    get_mapping,
    post_mapping,
    put_mapping,
)
from pyfly.web.conditional import etag_of, require_match
from pyfly.web.conditional.evaluation import http_date, verdict
from pyfly.web.conditional.tags import matches, parse_tags
from tests.web.support import client_of

ON = Config({"pyfly": {"web": {"etag": {"enabled": True}}}})


class Pet(BaseModel):
    name: str = "Leo"


@rest_controller
class Pets:
    version = 3

    @get_mapping("/deep")
    async def deep(self) -> ResponseEntity[Pet]:
        return ResponseEntity(
            Pet(), headers={"ETag": etag_of("pet", 1, self.version), "Cache-Control": "no-cache"}
        )

    @get_mapping("/dated")
    async def dated(self) -> ResponseEntity[Pet]:
        return ResponseEntity(Pet(), headers={"Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"})

    @put_mapping("/deep")
    async def change(self, pet: Pet, if_match: Header[str | None] = None) -> Pet:
        require_match(if_match, etag_of("pet", 1, self.version), required=True)
        return pet

    @get_mapping("/shallow")
    async def shallow(self) -> Pet:
        return Pet()

    @get_mapping("/large")
    async def large(self) -> str:
        return "x" * 1_100_000

    @get_mapping("/private")
    async def private(self) -> ResponseEntity[Pet]:
        return ResponseEntity(Pet(), headers={"Cache-Control": "No-Store"})

    @get_mapping("/response")
    async def response(self) -> Response:
        return Response("hello")

    @post_mapping("/shallow")
    async def add(self, pet: Pet) -> Pet:
        return pet


class Passing:
    async def do_filter(self, request: Request, call_next: CallNext) -> Response:
        response: Response = await call_next(request)
        return response

    def should_not_filter(self, request: Request) -> bool:
        return False


async def test_a_client_that_has_this_version_gets_no_body() -> None:
    async with client_of(Pets) as client:
        first = await client.get("/deep")
        again = await client.get("/deep", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["cache-control"] == "no-cache"
        assert "content-type" not in again.headers
        assert (await client.get("/deep", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_date_serves_where_there_is_no_tag() -> None:
    async with client_of(Pets) as client:
        for date, status in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 304),
            ("Sun, 06 Nov 1994 08:49:36 GMT", 200),
            ("yesterday", 200),
        ]:
            response = await client.get("/dated", headers={"If-Modified-Since": date})
            assert response.status_code == status
        refused = await client.get("/dated", headers={"If-Unmodified-Since": "Sat, 05 Nov 1994 08:49:37 GMT"})
        assert refused.status_code == 412


@pytest.mark.parametrize(
    ("if_match", "status"), [("current", 200), ("*", 200), ('"old"', 412), ("W/current", 412), (None, 428)]
)
async def test_a_change_needs_the_version_that_it_changes(if_match: str | None, status: int) -> None:
    async with client_of(Pets) as client:
        current = (await client.get("/deep")).headers["etag"]
        headers = {} if if_match is None else {"If-Match": if_match.replace("current", current)}
        response = await client.put("/deep", json={"name": "Max"}, headers=headers)
        assert response.status_code == status


@pytest.mark.parametrize("classes", [(Pets,), (Pets, Passing)], ids=["lean", "with a filter"])
@pytest.mark.parametrize("path", ["/shallow", "/large", "/response"])
async def test_the_bytes_of_an_answer_are_its_tag_if_that_is_switched_on(
    path: str, classes: tuple[type, ...]
) -> None:
    async with client_of(*classes, config=ON) as client:
        first = await client.get(path)
        assert first.status_code == 200
        tag = first.headers["etag"]
        again = await client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        head = await client.head(path)
        assert head.headers["etag"] == tag


async def test_the_tag_of_the_bytes_leaves_alone_what_is_none_of_its_business() -> None:
    async with client_of(Pets, config=ON) as client:
        assert "etag" not in (await client.get("/private")).headers
        assert "etag" not in (await client.post("/shallow", json={"name": "x"})).headers
        assert "etag" not in (await client.get("/missing")).headers
        deep = (await client.get("/deep")).headers
        assert deep.get_list("etag") == [etag_of("pet", 1, 3)]


async def test_without_the_setting_nothing_is_tagged() -> None:
    async with client_of(Pets) as client:
        assert "etag" not in (await client.get("/shallow")).headers


def test_different_parts_never_make_the_same_tag() -> None:
    assert etag_of("ab", "c") != etag_of("a", "bc")
    assert etag_of(1) == etag_of("1") == etag_of(b"1")
    assert etag_of(1, weak=True) == f"W/{etag_of(1)}"


def test_a_missing_thing_has_no_version_that_could_match() -> None:
    with pytest.raises(PreconditionFailedException):
        require_match("*", None)
    require_match(None, None)


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('"a"', ['"a"']),
        ('W/"a" , "b,c",,"d"', ['W/"a"', '"b,c"', '"d"']),
        ('"a', []),
        ("a", []),
        ('"a" b "c"', ['"a"']),
        ("", []),
    ],
)
def test_a_list_of_tags_is_read_up_to_its_first_mistake(header: str, tags: list[str]) -> None:
    assert parse_tags(header) == tags


# RFC 9110, 8.8.3.2
@pytest.mark.parametrize(
    ("one", "other", "strong", "weak"),
    [
        ('W/"1"', 'W/"1"', False, True),
        ('W/"1"', 'W/"2"', False, False),
        ('W/"1"', '"1"', False, True),
        ('"1"', '"1"', True, True),
    ],
)
def test_tags_are_compared_as_the_rfc_says(one: str, other: str, strong: bool, weak: bool) -> None:
    assert matches(one, other, strong=True) is strong
    assert matches(one, other, strong=False) is weak


def test_tags_win_over_dates() -> None:
    modified = datetime(2026, 1, 1, tzinfo=UTC)
    since = "Thu, 01 Jan 2026 00:00:00 GMT"
    assert verdict({b"if-none-match": '"x"', b"if-modified-since": since}, '"y"', modified) == 200
    assert (
        verdict(
            {b"if-match": '"y"', b"if-unmodified-since": "Wed, 31 Dec 2025 00:00:00 GMT"}, '"y"', modified
        )
        == 200
    )
    assert verdict({b"if-match": '"y"', b"if-none-match": '"y"'}, '"y"', modified) == 304


@given(st.text(max_size=200))
def test_any_condition_can_be_read(text: str) -> None:
    parse_tags(text)
    http_date(text)
    assert verdict({b"if-none-match": text, b"if-modified-since": text}, '"x"', None) in (200, 304)


def test_a_hostile_list_of_tags_is_read_in_linear_time() -> None:
    assert len(parse_tags('W/"' * 100_000)) <= 100
    assert parse_tags("," * 1_000_000) == []
