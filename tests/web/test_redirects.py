"""Redirects that stay where they belong (row B29)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.container import rest_controller
from pyfly.kernel import InvalidRequestException
from pyfly.web import QueryParam, ResponseEntity, get_mapping
from pyfly.web.redirects import safe_location
from tests.web.support import client_of

ALLOWED = ("shop.example.com", "localhost:8080")


@rest_controller
class Login:
    @get_mapping("/login")
    async def login(self, target: QueryParam[str]) -> ResponseEntity[None]:
        return ResponseEntity.redirect(target)


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/orders/1", "/orders/1"),
        ("/", "/"),
        ("/orders?next=//evil.com#x", "/orders?next=//evil.com#x"),
        ("/grün e", "/gr%C3%BCn%20e"),
        ("/a%20b", "/a%20b"),
    ],
)
async def test_a_path_of_this_host_is_fine(target: str, location: str) -> None:
    async with client_of(Login) as client:
        response = await client.get("/login", params={"target": target})
        assert (response.status_code, response.headers["location"]) == (303, location)


async def test_another_host_is_refused_as_bad_input() -> None:
    async with client_of(Login) as client:
        response = await client.get("/login", params={"target": "https://evil.com"})
        assert response.status_code == 400
        assert "location" not in response.headers


@pytest.mark.parametrize(
    "target", ["https://shop.example.com/x", "http://SHOP.example.com", "http://localhost:8080/a?b"]
)
def test_a_host_that_is_named_is_fine(target: str) -> None:
    assert safe_location(target, ALLOWED) == target


def evil() -> set[str]:
    starts = [
        "//",
        "///",
        "////",
        "/\\",
        "\\\\",
        "\\/",
        "/\t/",
        "/\n/",
        "\t//",
        " //",
        "https:",
        "https:/",
        "https:\\\\",
    ]
    starts += [
        "http://",
        "https://",
        "HTTPS://",
        "ftp://",
        "javascript://",
        "javascript:",
        "data:",
        "vbscript:",
        "file://",
    ]
    starts += [
        "https://shop.example.com@",
        "https://shop.example.com.",
        "https://shop.example.com%2f@",
        "https://",
        "",
        ".",
    ]
    ends = [
        "evil.com",
        "evil.com/",
        "evil.com\\@shop.example.com",
        "evil.com#shop.example.com",
        "evil.com?shop.example.com",
    ]
    ends += ["[::1]", "127.0.0.1", "evil.com:443", "user@evil.com", "\uff45vil.com", "evil.com\r\nX: 1"]
    return {start + end for start, end in itertools.product(starts, ends)} | {
        "",
        " ",
        "https://",
        "http://[",
        "/\x00",
        "/\u2028",
    }


def test_there_are_enough_targets() -> None:
    assert len(evil()) >= 300


@pytest.mark.parametrize("allowed", [(), ALLOWED], ids=["none allowed", "some allowed"])
def test_every_other_target_is_refused(allowed: tuple[str, ...]) -> None:
    for target in evil():
        with pytest.raises(InvalidRequestException):
            safe_location(target, allowed)


@given(st.text())
def test_whatever_is_let_through_is_a_path_in_one_line(target: str) -> None:
    try:
        location = safe_location(target)
    except InvalidRequestException:
        return
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert location.isascii()
    assert location.isprintable()
