"""What bodies and query strings may bring, and what an error tells of them."""

import gzip
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import to_json

from pyfly.core.config.config import Config
from pyfly.web import Body, Form, QueryParam, Valid, get_mapping, post_mapping, rest_controller
from pyfly.web.binding.limits import NestedTooDeeply, depth_check, depth_of
from tests.web.support import assembled, client_for, client_of, container_of


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


class Account(BaseModel):
    name: str = Field(max_length=5)
    note: str = ""

    @field_validator("note")
    @classmethod
    def refused(cls, value: str) -> str:
        if len(value) > 10:
            raise ValueError(f"{value} is too long")
        return value


@rest_controller
class Bodies:
    @post_mapping("/any")
    async def any(self, body: Body[dict[str, Any] | list[Any]]) -> bool:
        return bool(body)

    @post_mapping("/accounts")
    async def accounts(self, body: Body[list[Account]]) -> int:
        return len(body)

    @post_mapping("/account")
    async def account(self, body: Valid[Account]) -> Account:
        return body

    @post_mapping("/form")
    async def form(self, body: Form[Account]) -> Account:
        return body

    @post_mapping("/strict")
    async def strict(self, body: Strict) -> Strict:
        return body

    @post_mapping("/animal")
    async def animal(self, body: Body[Annotated[Cat | Dog, Field(discriminator="kind")]]) -> str:
        return body.kind

    @post_mapping("/open")
    async def open(self, body: Open) -> Open:
        return body

    @get_mapping("/query")
    async def query(self, q: QueryParam[list[str]] = []) -> int:  # noqa: B006  # what is bound is never changed
        return len(q)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(Bodies) as found:
        yield found


def _with(**settings: Any) -> httpx.AsyncClient:
    config = Config({"pyfly": {"web": settings}})
    return client_for(assembled(container_of(Bodies), config=config).dispatch)


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 64 + b"1" + b"]" * 64, 200),
        (b"[" * 65 + b"1" + b"]" * 65, 400),
        (b'{"a":' * 65 + b"1" + b"}" * 65, 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b"[" * 500_000, 400),
        (b'{"a":"' + b"[" * 5000 + b'"}', 200),
        (b'{"a":"' + b'\\"[' * 5000 + b'"}', 200),
        (b"[" + b'{"a":[{}]},' * 5000 + b"{}]", 200),
    ],
)
async def test_json_is_nested_64_levels_at_most(client: httpx.AsyncClient, body: bytes, status: int) -> None:
    answer = await client.post("/any", content=body, headers=JSON)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["code"] == "JSON_TOO_DEEP"


async def test_the_depth_is_a_setting() -> None:
    async with _with(limits={"json-depth": 3}) as client:
        assert (await client.post("/any", json=[[[1]]])).status_code == 200
        assert (await client.post("/any", json=[[[[1]]]])).status_code == 400
    async with _with(limits={"enabled": False}) as client:
        assert (
            await client.post("/any", content=b"[" * 100 + b"1" + b"]" * 100, headers=JSON)
        ).status_code == 200


_json = st.recursive(
    st.none() | st.booleans() | st.text('[]{}"\\ab'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[]{}"\\ab'), inner, max_size=3),
    max_leaves=30,
)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


@given(_json)
def test_the_depth_of_json_is_what_a_parser_finds(value: object) -> None:
    assert depth_of(to_json(value)) == _depth(value)


@given(_json, st.integers(0, 100))
def test_the_beginning_of_json_is_not_found_deeper_than_all_of_it(value: object, length: int) -> None:
    assert depth_of(to_json(value)[:length]) <= _depth(value)


@pytest.mark.parametrize("before", [0, 2_000])
def test_json_is_too_deep_wherever_it_is(before: int) -> None:
    check = depth_check(64)
    check(b"[" + b"{}," * before + b"[" * 63 + b"]" * 64)
    with pytest.raises(NestedTooDeeply):
        check(b"[" + b"{}," * before + b"[" * 64 + b"]" * 65)


@pytest.mark.parametrize("path", ["/any", "/form"])
async def test_compressed_bodies_are_refused(client: httpx.AsyncClient, path: str) -> None:
    types = {"/any": "application/json", "/form": "application/x-www-form-urlencoded"}
    bomb = gzip.compress(b" " * 10_000_000)
    headers = {"content-type": types[path], "content-encoding": "gzip"}
    answer = await client.post(path, content=bomb, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_CONTENT_ENCODING")
    plain = await client.post("/any", content=b"[1]", headers={**JSON, "content-encoding": "identity"})
    assert plain.json() is True


async def test_a_number_of_a_million_digits_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/any", content=b'{"a":' + b"9" * 1_000_000 + b"}", headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_JSON")
    assert len(answer.content) < 600


async def test_thousands_of_errors_are_only_counted(client: httpx.AsyncClient) -> None:
    answer = await client.post("/accounts", content=b"[" + b"1," * 50_000 + b"1]", headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "field": "body",
            "location": "body",
            "message": "50001 values are invalid",
            "code": "too_many_errors",
        }
    ]


async def test_errors_do_not_repeat_long_input(client: httpx.AsyncClient) -> None:
    answer = await client.post("/account", json={"name": "s" * 50_000, "note": "n" * 50_000})
    assert answer.status_code == 422
    assert all(len(item["message"]) <= 200 for item in answer.json()["errors"])
    assert "s" * 10 not in answer.text
    unknown = await client.post("/strict", json={"name": "a", "k" * 50_000: 1})
    assert len(unknown.json()["errors"][0]["field"]) == 200


async def test_a_query_has_a_thousand_values_at_most(client: httpx.AsyncClient) -> None:
    assert (await client.get("/query?" + "q=1&" * 999 + "q=1")).json() == 1000
    answer = await client.get("/query?" + "q=1&" * 1000 + "q=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "TOO_MANY_PARAMETERS")
    async with _with(limits={"query-values": 2}) as strict:
        assert (await strict.get("/query?q=1&q=2&q=3")).status_code == 400


async def test_unknown_fields_are_ignored_or_refused_by_one_setting(client: httpx.AsyncClient) -> None:
    over = {"name": "a", "role": "admin"}
    assert (await client.post("/account", json=over)).json() == {"name": "a", "note": ""}
    async with _with(binding={"unknown-fields": "forbid"}) as strict:
        for answer in (await strict.post("/account", json=over), await strict.post("/form", data=over)):
            assert answer.status_code == 422
            assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("role", "extra_forbidden")]
        assert (await strict.post("/accounts", json=[over])).status_code == 422
        assert (await strict.post("/animal", json={"kind": "cat", "role": "admin"})).status_code == 422
        assert (await strict.post("/animal", json={"kind": "cat"})).status_code == 200
        # What a model says itself is meant.
        assert (await strict.post("/open", json=over)).json() == over
    assert (await client.post("/strict", json=over)).status_code == 422
