"""Binding through whole requests: every source, every kind of value, every refusal."""

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import httpx
import pytest
from annotated_types import Ge
from pydantic import BaseModel, Field, ValidationInfo, field_validator

from pyfly.container import Scope, service
from pyfly.container.exceptions import BeanGraphError
from pyfly.web import (
    Body,
    Cookie,
    Header,
    PathVar,
    QueryParam,
    Request,
    Response,
    ResponseEntity,
    Valid,
    WebProperties,
    delete_mapping,
    get_mapping,
    post_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.binding.readers import parse_query
from tests.web.support import assembled, client_of, container_of


class Color(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Address(BaseModel):
    city: str = Field(min_length=2)


class Customer(BaseModel):
    name: str
    secret: str = "-"
    address: Address | None = None

    @field_validator("name")
    @classmethod
    def not_nobody(cls, value: str, info: ValidationInfo) -> str:
        if value == "nobody":
            raise ValueError("nobody is not a name")
        return value


@dataclass
class Page:
    number: int = 0
    sort: list[str] | None = None


@service
class Greeter:
    def greet(self, name: str) -> str:
        return f"Hello, {name}"


@rest_controller
@request_mapping("/b")
class Bound:
    @get_mapping("/path/{number}/{text}/{color}")
    async def path(self, number: PathVar[int], text: str, color: PathVar[Color]) -> list[Any]:
        return [number, text, color]

    @get_mapping("/query")
    async def query(
        self,
        flag: QueryParam[bool] = True,  # noqa: FBT002  # what is tested
        ids: QueryParam[list[int]] = [],  # noqa: B006  # what is bound is never changed
        level: QueryParam[Level | None] = None,
        price: Decimal | None = None,
        day: date | None = None,
        last_name: Annotated[str | None, QueryParam("lastName")] = None,
        size: QueryParam[Annotated[int, Ge(1)]] = 10,
    ) -> dict[str, Any]:
        return {
            "flag": flag,
            "ids": ids,
            "level": level,
            "price": price,
            "day": day,
            "last_name": last_name,
            "size": size,
        }

    @get_mapping("/required")
    async def required(self, q: QueryParam[str], x_key: Header[UUID], session: Cookie[str]) -> list[Any]:
        return [q, x_key, session]

    @get_mapping("/optional")
    async def optional(
        self,
        q: QueryParam[str | None],
        x_key: Header[str | None],
        x_tags: Header[list[str]] = [],  # noqa: B006
    ) -> list[Any]:
        return [q, x_key, x_tags]

    @get_mapping("/model")
    async def model(self, page: Page) -> Page:
        return page

    @post_mapping("/customer")
    async def customer(self, customer: Customer) -> Customer:
        return customer

    @post_mapping("/customers")
    async def customers(self, customers: Body[list[Customer]]) -> int:
        return len(customers)

    @post_mapping("/valid")
    async def valid(self, customer: Valid[Customer], page: Valid[QueryParam[int]] = 1) -> list[Any]:
        return [customer.name, page]

    @post_mapping("/any")
    async def any(self, body: Body[dict[str, Any]]) -> dict[str, Any]:
        return body

    @post_mapping("/bytes")
    async def bytes(self, body: Body[bytes]) -> int:
        return len(body)

    @post_mapping("/text")
    async def text(self, body: Body[str]) -> str:
        return body.upper()

    @post_mapping("/maybe")
    async def maybe(self, customer: Customer | None = None) -> bool:
        return customer is None

    @post_mapping("/request")
    async def request(self, customer: Customer, request: Request) -> list[Any]:
        return [customer.name, request.method, len(await request.body())]

    @get_mapping("/bean")
    def bean(self, greeter: Greeter, *, name: str = "you") -> str:
        return greeter.greet(name)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(Bound, Greeter) as found:
        yield found


async def test_path_variables_become_what_they_are_annotated_as(client: httpx.AsyncClient) -> None:
    assert (await client.get("/b/path/7/a%20b/red")).json() == [7, "a b", "red"]


async def test_query_values_become_what_they_are_annotated_as(client: httpx.AsyncClient) -> None:
    query = "flag=false&ids=1&ids=2&level=1&price=1.50&day=2020-02-29&lastName=D%C3%A9+B&size=3"
    assert (await client.get(f"/b/query?{query}")).json() == {
        "flag": False,
        "ids": [1, 2],
        "level": 1,
        "price": "1.50",
        "day": "2020-02-29",
        "last_name": "Dé B",
        "size": 3,
    }


async def test_defaults_stand_in_for_what_the_request_does_not_have(client: httpx.AsyncClient) -> None:
    found = (await client.get("/b/query")).json()
    assert (found["flag"], found["ids"], found["level"], found["size"]) == (True, [], None, 10)


async def test_headers_and_cookies_are_bound_by_name(client: httpx.AsyncClient) -> None:
    key = "8f14e45f-ceea-467f-9575-1f6d7c1b9f5a"
    answer = await client.get("/b/required?q=1", headers={"X-KEY": key, "Cookie": "a=b; session=s1"})
    assert answer.json() == ["1", key, "s1"]


async def test_an_optional_value_may_be_missing_without_a_default(client: httpx.AsyncClient) -> None:
    assert (await client.get("/b/optional")).json() == [None, None, []]
    assert (await client.get("/b/optional", headers={"x-tags": "a, b"})).json()[2] == ["a", "b"]


async def test_every_missing_value_is_reported_with_its_name_and_place(client: httpx.AsyncClient) -> None:
    answer = await client.get("/b/required")
    assert answer.status_code == 400
    assert [(e["location"], e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("query", "q", "missing"),
        ("header", "x-key", "missing"),
        ("cookie", "session", "missing"),
    ]


@pytest.mark.parametrize(
    ("path", "place", "field"),
    [
        ("/b/path/x/t/red", "path", "number"),
        ("/b/path/1/t/blue", "path", "color"),
        ("/b/query?flag=maybe", "query", "flag"),
        ("/b/query?ids=1&ids=x", "query", "ids"),
        ("/b/query?level=9", "query", "level"),
        ("/b/query?day=2021-02-29", "query", "day"),
        ("/b/query?size=0", "query", "size"),
        ("/b/model?number=x", "query", "number"),
    ],
)
async def test_a_value_of_the_wrong_form_is_a_bad_request(
    client: httpx.AsyncClient, path: str, place: str, field: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 400
    assert [(e["location"], e["field"]) for e in answer.json()["errors"]] == [(place, field)]


async def test_a_dataclass_in_a_get_is_filled_from_the_query(client: httpx.AsyncClient) -> None:
    found = await client.get("/b/model?number=2&sort=a&sort=b")
    assert found.json() == {"number": 2, "sort": ["a", "b"]}


async def test_a_model_is_the_body(client: httpx.AsyncClient) -> None:
    answer = await client.post("/b/customer", json={"name": "Ann", "address": {"city": "Rome"}})
    assert answer.json() == {"name": "Ann", "secret": "-", "address": {"city": "Rome"}}


async def test_the_body_may_be_any_json(client: httpx.AsyncClient) -> None:
    assert (await client.post("/b/customers", json=[{"name": "a"}, {"name": "b"}])).json() == 2
    assert (await client.post("/b/any", json={"a": [1]})).json() == {"a": [1]}
    assert (await client.post("/b/valid?page=3", json={"name": "Ann"})).json() == ["Ann", 3]


async def test_bytes_and_text_are_the_raw_body(client: httpx.AsyncClient) -> None:
    assert (await client.post("/b/bytes", content=b"\xff\x00")).json() == 2
    assert (await client.post("/b/text", content="é")).json() == "É"
    assert (await client.post("/b/text", content=b"\xff")).status_code == 400


async def test_an_optional_body_may_be_missing_and_a_required_one_not(client: httpx.AsyncClient) -> None:
    assert (await client.post("/b/maybe")).json() is True
    assert (await client.post("/b/customer")).status_code == 400


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b'{"name": ', "application/json", 400, "INVALID_JSON"),
        (b"\xff\xfe", "application/json", 400, "INVALID_JSON"),
        (b"<name/>", "application/xml", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"name": 5}', "application/json", 422, "VALIDATION_ERROR"),
        (b'{"name": "nobody"}', "application/json", 422, "VALIDATION_ERROR"),
        (b'{"name": "a", "address": {"city": "x"}}', "application/vnd.shop+json", 422, "VALIDATION_ERROR"),
        (b'{"name": "' + b"x" * 2_000_000 + b'"}', "application/json", 413, "PAYLOAD_TOO_LARGE"),
    ],
)
async def test_a_bad_body_is_refused_with_the_status_that_fits(
    client: httpx.AsyncClient, content: bytes, content_type: str, status: int, code: str
) -> None:
    answer = await client.post("/b/customer", content=content, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_path_of_a_nested_field_is_reported_and_its_value_is_not(client: httpx.AsyncClient) -> None:
    answer = await client.post("/b/customer", json={"secret": ["pa55word"], "name": "a", "address": {}})
    assert [e["field"] for e in answer.json()["errors"]] == ["secret", "address.city"]
    assert "pa55word" not in answer.text


async def test_a_chunked_body_over_the_limit_is_refused_before_it_is_read_to_the_end() -> None:
    assembly = assembled(container_of(Bound, Greeter))
    chunks = 0
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        nonlocal chunks
        chunks += 1
        return {"type": "http.request", "body": b"x" * 600_000, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/b/bytes", "query_string": b"", "headers": []}
    await assembly.dispatch(scope, receive, send)
    assert sent[0]["status"] == 413
    assert chunks == 2


async def test_a_handler_may_have_both_the_model_and_the_request(client: httpx.AsyncClient) -> None:
    assert (await client.post("/b/request", json={"name": "Ann"})).json() == ["Ann", "POST", 14]


async def test_beans_are_injected_into_handlers(client: httpx.AsyncClient) -> None:
    assert (await client.get("/b/bean?name=Ann")).json() == "Hello, Ann"


async def test_request_scoped_beans_belong_to_one_request() -> None:
    ended: list[int] = []

    class Visit:
        def __init__(self) -> None:
            self.number = 0

    @rest_controller
    class Visits:
        @get_mapping("/visit")
        async def visit(self, one: Visit, two: Visit) -> list[bool]:
            one.number += 1
            ended.append(id(one))
            return [one is two, two.number == 1]

    container = container_of(Visits)
    container.register(Visit, Scope.REQUEST)
    async with client_of(container=container) as client:
        assert (await client.get("/visit")).json() == [True, True]
        assert (await client.get("/visit")).json() == [True, True]
    assert len(ended) == 2


class Bad:
    pass


def _handler_without_source(self: object, what: Bad) -> None: ...


def _handler_with_two_bodies(self: object, a: Body[int], b: Body[int]) -> None: ...


def _handler_with_unknown_variable(self: object, other: PathVar[int]) -> None: ...


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (_handler_without_source, "parameter 'what' (Bad) cannot be bound"),
        (_handler_with_two_bodies, "a and b both ask for it"),
        (_handler_with_unknown_variable, "'other' is not a variable of the path"),
    ],
)
def test_a_parameter_that_cannot_be_bound_stops_the_start_and_says_where(handler: Any, words: str) -> None:
    cls = rest_controller(type("Broken", (), {"handle": post_mapping("/x/{id}")(handler)}))
    with pytest.raises(BeanGraphError) as caught:
        assembled(container_of(cls))
    assert words in str(caught.value)
    assert "test_binding.py:" in str(caught.value)


@rest_controller
class Results:
    @get_mapping("/none")
    async def none(self) -> None: ...

    @get_mapping("/nothing")
    async def nothing(self) -> Customer | None:
        return None

    @post_mapping("/accepted", status_code=202)
    async def accepted(self) -> None: ...

    @get_mapping("/filtered")
    async def filtered(self) -> Address:
        return {"city": "Rome", "internal": 1}  # type: ignore[return-value]

    @get_mapping("/rows")
    async def rows(self) -> list[Address]:
        class Row:
            city = "Oslo"
            password = "x"

        return [Row()]  # type: ignore[list-item]

    @get_mapping("/wrong")
    async def wrong(self) -> Address:
        return 5  # type: ignore[return-value]

    @get_mapping("/untyped")
    async def untyped(self):  # type: ignore[no-untyped-def]  # what is tested
        return {"day": date(2020, 1, 2), "models": [Address(city="Rome")], "price": Decimal("1.10")}

    @get_mapping("/response")
    async def response(self) -> Response:
        return Response("plain", media_type="text/plain", status_code=418)

    @get_mapping("/surprise")
    async def surprise(self) -> Address:
        return Response("plain", media_type="text/plain")  # type: ignore[return-value]

    @post_mapping("/created")
    async def created(self) -> ResponseEntity[Address]:
        return ResponseEntity.created("/places/1", Address(city="Rome"))

    @delete_mapping("/gone")
    async def gone(self) -> ResponseEntity[Any]:
        return ResponseEntity.no_content()

    @get_mapping("/raw")
    async def raw(self) -> bytes:
        return b"\x00\x01"

    @get_mapping("/split")
    async def split(self) -> ResponseEntity[str]:
        return ResponseEntity("x", headers={"X-Evil": "a\r\nSet-Cookie: b"})


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/none", 204, b""),
        ("GET", "/nothing", 204, b""),
        ("POST", "/accepted", 202, b""),
        ("GET", "/filtered", 200, b'{"city":"Rome"}'),
        ("GET", "/rows", 200, b'[{"city":"Oslo"}]'),
        ("GET", "/untyped", 200, b'{"day":"2020-01-02","models":[{"city":"Rome"}],"price":"1.10"}'),
        ("GET", "/response", 418, b"plain"),
        ("GET", "/surprise", 200, b"plain"),
        ("POST", "/created", 201, b'{"city":"Rome"}'),
        ("DELETE", "/gone", 204, b""),
        ("GET", "/raw", 200, b"\x00\x01"),
    ],
)
async def test_whatever_a_handler_returns_becomes_the_response_that_it_means(
    method: str, path: str, status: int, body: bytes
) -> None:
    async with client_of(Results) as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.content) == (status, body)


async def test_any_text_makes_a_location_and_the_length_is_said_once() -> None:
    @rest_controller
    class Places:
        @post_mapping("/places")
        async def create(self) -> ResponseEntity[str]:
            return ResponseEntity.created("/places/日本 1%20", "made")

        @get_mapping("/forwarded")
        async def forwarded(self) -> ResponseEntity[bytes]:
            return ResponseEntity(b"abc", 200, {"Content-Length": "10", "Transfer-Encoding": "chunked"})

    async with client_of(Places) as client:
        created, forwarded = await client.post("/places"), await client.get("/forwarded")
    assert (created.status_code, created.headers["location"]) == (201, "/places/%E6%97%A5%E6%9C%AC%201%20")
    assert forwarded.headers.get_list("content-length") == ["3"]
    assert "transfer-encoding" not in forwarded.headers


async def test_a_created_entity_has_its_location() -> None:
    async with client_of(Results) as client:
        assert (await client.post("/created")).headers["location"] == "/places/1"


@pytest.mark.parametrize("path", ["/wrong", "/split"])
async def test_a_result_that_cannot_be_sent_is_a_server_error(path: str) -> None:
    async with client_of(Results) as client:
        answer = await client.get(path)
    assert answer.status_code == 500
    assert "set-cookie" not in answer.headers


async def test_a_sync_handler_does_not_hold_up_the_others() -> None:
    import asyncio
    import threading

    released = threading.Event()

    @rest_controller
    class Mixed:
        @get_mapping("/blocking")
        def blocking(self) -> bool:
            return released.wait(10)

        @get_mapping("/release")
        async def release(self) -> bool:
            released.set()
            return True

    async with client_of(Mixed) as client:
        blocking = asyncio.create_task(client.get("/blocking"))
        await asyncio.sleep(0)
        assert (await client.get("/release")).json() is True
        assert (await blocking).json() is True


async def test_an_async_handler_inside_a_plain_decorator_is_awaited() -> None:
    def plainly(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        return wrapper

    @rest_controller
    class Decorated:
        @get_mapping("/decorated/{n}")
        @plainly
        async def handle(self, n: int) -> int:
            return n + 1

    async with client_of(Decorated) as client:
        assert (await client.get("/decorated/4")).json() == 5


async def test_a_client_that_goes_away_while_sending_is_not_answered() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    assembly = assembled(container_of(Bound, Greeter), WebProperties())
    scope = {"type": "http", "method": "POST", "path": "/b/bytes", "query_string": b"", "headers": []}
    with suppress(OSError):
        await assembly.dispatch(scope, receive, send)
    assert sent == []


async def test_a_traceback_shows_the_generated_source(caplog: pytest.LogCaptureFixture) -> None:
    @rest_controller
    class Failing:
        @get_mapping("/fail")
        async def fail(self, n: int = 1) -> None:
            raise LookupError

    async with client_of(Failing) as client:
        await client.get("/fail")
    assert "result = await fail" in caplog.text


@pytest.mark.parametrize(
    "query", ["size=%ff", "%ff=1", "size=%c3", "size=%ed%a0%80", "flag=true&x=%80+a", "a=%c0%af"]
)
async def test_a_query_that_is_not_utf_8_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/b/query?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ENCODING")


def test_what_a_client_does_not_encode_is_read_as_utf_8() -> None:
    assert parse_query("a=é&b=%C3%A9+x".encode()) == {"a": ["é"], "b": ["é x"]}


class Where(BaseModel):
    least: int
    tags: list[str] = Field(default_factory=list, validation_alias="tag")


@service
class Dice:
    def roll(self) -> int:
        return 4


@rest_controller
class Rarely:
    @get_mapping("/where")
    async def where(self, where: QueryParam[Where | None] = None) -> list[Any] | None:
        return None if where is None else [where.least, where.tags]

    @get_mapping("/bare")
    async def bare(self, tags: list = []) -> list[Any]:  # type: ignore[type-arg]  # noqa: B006
        return tags

    @get_mapping("/pair")
    async def pair(self, pair: QueryParam[tuple[int, str]]) -> list[Any]:
        return [*pair]

    @get_mapping("/roll")
    async def roll(self, dice: Dice | None = None) -> int:
        return dice.roll() if dice else 0


@pytest.mark.parametrize(
    ("path", "status", "answer"),
    [
        ("/where", 204, None),
        ("/where?other=1", 204, None),
        ("/where?least=2&tag=a&tag=b", 200, [2, ["a", "b"]]),
        ("/where?tag=a", 400, None),
        ("/bare", 200, []),
        ("/bare?tags=a", 200, ["a"]),
        ("/pair?pair=1&pair=1", 200, [1, "1"]),
        ("/pair?pair=x&pair=1", 400, None),
        ("/pair?pair=1", 400, None),
        ("/roll", 200, 4),
    ],
)
async def test_rare_parameters_are_read_as_they_are_annotated(path: str, status: int, answer: Any) -> None:
    async with client_of(Rarely, Dice) as client:
        found = await client.get(path)
    assert found.status_code == status
    assert status != 200 or found.json() == answer


T = TypeVar("T")
U = TypeVar("U")


class Envelope(BaseModel, Generic[U]):
    item: U


class Crud(Generic[T]):
    @post_mapping("/one")
    async def one(self, body: Body[Envelope[T]]) -> Envelope[T]:
        return body

    @post_mapping("/many")
    async def many(self, body: Body[list[Envelope[T] | None]]) -> int:
        return len(body)


@rest_controller
class Wheres(Crud[Where]): ...


async def test_models_in_generic_controllers_are_those_of_the_controller() -> None:
    good, bad = {"item": {"least": 1}}, {"item": {"least": "x"}}
    async with client_of(Wheres) as client:
        answers = [
            (await client.post(path, json=body)).status_code
            for path, body in (("/one", good), ("/one", bad), ("/many", [good, None]), ("/many", [bad]))
        ]
    assert answers == [200, 422, 200, 422]
