"""The published fronts of the compiled machinery: resolver, registrar, return values."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import httpx
import pytest
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse

from pyfly.container import rest_controller
from pyfly.context import ApplicationContext
from pyfly.core.config.config import Config
from pyfly.kernel.exceptions import PyFlyException, ResourceNotFoundException, ValidationException
from pyfly.web import (
    Body,
    Cookie,
    Header,
    PathVar,
    QueryParam,
    ResponseEntity,
    Valid,
    exception_handler,
    get_mapping,
    post_mapping,
    request_mapping,
)
from pyfly.web.adapters.starlette import (
    ControllerRegistrar,
    ParameterResolver,
    global_exception_handler,
    handle_return_value,
)
from pyfly.web.adapters.starlette.controller import _py_type_to_openapi
from pyfly.web.adapters.starlette.resolver import ResolvedParam


class Item(BaseModel):
    name: str
    price: float = 0.0


def _request(
    body: bytes = b"",
    query: str = "",
    headers: dict[str, str] | None = None,
    path: dict[str, Any] | None = None,
) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": query.encode(), "headers": raw}
    return Request({**scope, "path_params": path or {}}, receive)


class Handlers:
    async def every(
        self,
        item_id: PathVar[int],
        x_api_key: Header[str],
        session: Cookie[str],
        unmarked: str,
        q: QueryParam[str | None],
        page: Valid[QueryParam[int]] = 1,
        tags: QueryParam[list[str]] = [],  # noqa: B006  # what is bound is never changed
    ) -> None: ...

    async def body(self, item: Body[Item]) -> None: ...

    async def valid(self, item: Valid[Item]) -> None: ...

    async def annotated(self, item: Annotated[Item, Valid]) -> None: ...

    async def both(self, item: Valid[Body[Item]]) -> None: ...

    async def bare(self, item: QueryParam) -> None: ...  # type: ignore[type-arg]  # what is tested

    async def text(self, item: Body[str], raw: Body[bytes], data: Body[dict[str, int]]) -> None: ...


def test_the_marked_parameters_are_listed_in_the_order_of_the_signature() -> None:
    params = ParameterResolver(Handlers.every).params
    assert [item.name for item in params] == ["item_id", "x_api_key", "session", "q", "page", "tags"]
    assert params[0] == ResolvedParam("item_id", PathVar, int)
    assert (params[4].binding_type, params[4].inner_type, params[4].default, params[4].validate) == (
        QueryParam,
        int,
        1,
        True,
    )
    assert ParameterResolver(Handlers.bare).params[0].inner_type is str


@pytest.mark.parametrize(
    ("handler", "validate"),
    [
        (Handlers.body, False),
        (Handlers.valid, True),
        (Handlers.both, True),
        (Handlers.annotated, True),
    ],
)
def test_valid_is_a_body_that_is_validated(handler: Any, validate: bool) -> None:
    (param,) = ParameterResolver(handler).params
    assert (param.binding_type, param.inner_type, param.validate) == (Body, Item, validate)


async def test_values_are_read_from_their_places() -> None:
    request = _request(
        query="page=5&tags=a&tags=b",
        headers={"X-API-Key": "k", "Cookie": "session=s"},
        path={"item_id": "7"},
    )
    assert await ParameterResolver(Handlers.every).resolve(request) == {
        "item_id": 7,
        "x_api_key": "k",
        "session": "s",
        "q": None,
        "page": 5,
        "tags": ["a", "b"],
    }


async def test_what_is_missing_is_the_default_or_none_and_a_path_variable_an_error() -> None:
    found = await ParameterResolver(Handlers.every).resolve(_request(path={"item_id": 1}))
    assert (found["x_api_key"], found["session"], found["page"], found["tags"]) == (None, None, 1, [])
    with pytest.raises(ValueError, match="Missing path variable: item_id"):
        await ParameterResolver(Handlers.every).resolve(_request())


async def test_names_in_the_request_may_be_others_than_in_the_signature() -> None:
    async def handler(
        page: Annotated[int, QueryParam("page-number")],
        agent: Annotated[str, Header("X-Agent")],
        number: Annotated[int, PathVar("item-id")],
        session: Annotated[str, Cookie("SID")],
    ) -> None: ...

    headers = {"x-agent": "a", "cookie": "SID=s"}
    request = _request(query="page-number=2", headers=headers, path={"item-id": "7"})
    found = await ParameterResolver(handler).resolve(request)
    assert found == {"page": 2, "agent": "a", "number": 7, "session": "s"}
    with pytest.raises(ValueError, match="item-id"):
        await ParameterResolver(handler).resolve(_request())


async def test_a_body_with_a_default_may_be_left_out() -> None:
    async def handler(item: Body[Item | None] = None) -> None: ...

    assert await ParameterResolver(handler).resolve(_request()) == {"item": None}


async def test_bodies_are_models_text_bytes_or_data() -> None:
    resolved = await ParameterResolver(Handlers.body).resolve(_request(b'{"name": "a"}'))
    assert resolved == {"item": Item(name="a")}
    found = await ParameterResolver(Handlers.text).resolve(_request(b'{"a": 1}'))
    assert found == {"item": '{"a": 1}', "raw": b'{"a": 1}', "data": {"a": 1}}


async def test_an_invalid_body_is_pydantics_error_without_valid_and_the_kernels_with_it() -> None:
    with pytest.raises(ValidationError):
        await ParameterResolver(Handlers.body).resolve(_request(b"{}"))
    with pytest.raises(ValidationException) as caught:
        await ParameterResolver(Handlers.valid).resolve(_request(b'{"price": "pa55word"}'))
    assert caught.value.code == "VALIDATION_ERROR"
    assert str(caught.value).startswith("Validation failed: name: Field required; price: ")
    errors: Any = caught.value.context["errors"]
    assert [item["loc"] for item in errors] == [("name",), ("price",)]
    assert "pa55word" not in str(caught.value.context)


def test_results_become_responses() -> None:
    assert (handle_return_value(None).status_code, handle_return_value(None).body) == (204, b"")
    assert handle_return_value(None, 202).status_code == 202
    response = PlainTextResponse("x")
    assert handle_return_value(response) is response
    made = handle_return_value(Item(name="a"), 201)
    assert (made.status_code, made.body) == (201, b'{"name":"a","price":0.0}')
    assert isinstance(made, JSONResponse)
    assert handle_return_value("x").body == b'"x"'
    mixed = handle_return_value(
        {"day": date(2020, 1, 2), "items": [Item(name="a")], "price": Decimal("1.10")}
    )
    assert mixed.body == b'{"day":"2020-01-02","items":[{"name":"a","price":0.0}],"price":"1.10"}'
    assert mixed.headers["content-length"] == str(len(mixed.body))
    assert handle_return_value(b"\x00").headers["content-type"] == "application/octet-stream"
    assert handle_return_value(ResponseEntity.created("/1", 1)).headers["location"] == "/1"


@pytest.mark.parametrize(
    ("annotation", "found"),
    [(int, "integer"), (float, "number"), (bool, "boolean"), (str, "string"), (bytes, "string")],
)
def test_types_have_simple_names_in_the_metadata(annotation: type, found: str) -> None:
    assert _py_type_to_openapi(annotation) == found


@rest_controller
@request_mapping("/api/items")
class CatalogController:
    @get_mapping("/")
    async def all(self, page: QueryParam[int] = 1, x_key: Header[str | None] = None) -> list[Item]:
        """List items.

        All of them.
        """
        return [Item(name="a", price=page)]

    @get_mapping("/{item_id:int}")
    def one(self, item_id: PathVar[int]) -> Item:
        if item_id == 3:
            raise LookupError
        if item_id > 1:
            raise ResourceNotFoundException("none", code="NO_ITEM")
        return Item(name=str(item_id))

    @post_mapping("/", status_code=201)
    async def create(self, item: Valid[Item]) -> Item:
        return item

    @exception_handler(LookupError)
    async def lookup(self, exc: LookupError) -> tuple[int, dict[str, str]]:
        return 410, {"gone": "yes"}


async def test_the_routes_join_an_application_of_starlette() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(CatalogController)
    async with context:
        routes = ControllerRegistrar().collect_routes(context)
        handlers: Any = {PyFlyException: global_exception_handler}
        app = Starlette(routes=routes, exception_handlers=handlers)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            assert (await client.get("/api/items/?page=2")).json() == [{"name": "a", "price": 2.0}]
            assert (await client.get("/api/items/1")).json()["name"] == "1"
            assert (await client.get("/api/items/3")).json() == {"gone": "yes"}
            missing = await client.get("/api/items/2")
            assert (missing.status_code, missing.json()["error"]["code"]) == (404, "NO_ITEM")
            assert (await client.post("/api/items/", json={"name": "n"})).status_code == 201
            assert (await client.post("/api/items/", json={})).status_code == 422


def test_the_metadata_of_the_routes_is_known_before_the_context_starts() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(CatalogController)
    found = {item.handler_name: item for item in ControllerRegistrar().collect_route_metadata(context)}
    every = found["all"]
    assert (every.path, every.http_method, every.tag) == ("/api/items/", "GET", "Catalog")
    assert (every.summary, every.description) == ("List items.", "All of them.")
    assert every.parameters == [
        {"name": "page", "in": "query", "required": False, "schema": {"type": "integer", "default": 1}},
        {"name": "x-key", "in": "header", "required": False, "schema": {"type": "string"}},
    ]
    assert found["one"].parameters[0] == {
        "name": "item_id",
        "in": "path",
        "required": True,
        "schema": {"type": "integer"},
    }
    assert found["create"].request_body_model is Item
