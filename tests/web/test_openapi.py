"""The OpenAPI document: made from the compiled routes, valid, stable, complete."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from html import unescape
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import jsonschema_rs
import pytest
from annotated_types import Ge, Le
from pydantic import BaseModel, Field

from pyfly.kernel.types import ErrorResponse
from pyfly.web import (
    Cookie,
    ErrorRenderer,
    Header,
    PathVar,
    QueryParam,
    RenderedError,
    RequestInfo,
    ResponseEntity,
    WebProperties,
    delete_mapping,
    get_mapping,
    post_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.openapi import OpenAPIGenerator
from pyfly.web.properties import ErrorFormat, ErrorProperties
from tests.web.support import assembled, client_of, container_of

T = TypeVar("T")


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


Animal = Annotated[Cat | Dog, Field(discriminator="kind")]


class Item(BaseModel):
    id: int
    name: str = Field(min_length=2, alias="itemName")
    tags: list[str] = []


class NewItem(BaseModel):
    name: str


@dataclass
class Paged(Generic[T]):
    items: list[T]
    total: int


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{item_id:int}")
    async def get_item(
        self,
        item_id: PathVar[Annotated[int, Ge(1)]],
        size: QueryParam[Annotated[int, Ge(1), Le(100)]] = 20,
        color: QueryParam[Color | None] = None,
        since: date | None = None,
        ids: QueryParam[list[UUID]] = [],  # noqa: B006  # what is bound is never changed
        x_api_key: Header[str] = "",
        session_id: Cookie[str | None] = None,
    ) -> Item:
        """One item.

        With all its tags.
        """
        raise NotImplementedError

    @get_mapping()
    async def search(self) -> Paged[Item]:
        raise NotImplementedError

    @post_mapping(status_code=201)
    async def create(self, item: NewItem) -> ResponseEntity[Item]:
        raise NotImplementedError

    @delete_mapping("/{item_id:int}", deprecated=True)
    async def delete(self, item_id: int) -> None:
        raise NotImplementedError


@rest_controller
@request_mapping("/animals")
class AnimalController:
    @post_mapping()
    async def create(self, animal: Animal) -> list[Animal]:
        raise NotImplementedError


async def document(*classes: type, **options: Any) -> dict[str, Any]:
    async with client_of(*classes, **options) as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


async def test_the_document_is_what_the_routes_are() -> None:
    found = await document(ItemController, title="Shop", version="2", description="Sells")
    assert found["openapi"] == "3.1.0"
    assert found["info"] == {"title": "Shop", "version": "2", "description": "Sells"}
    assert {(path, method) for path, item in found["paths"].items() for method in item} == {
        ("/items/{item_id}", "get"),
        ("/items/{item_id}", "delete"),
        ("/items", "get"),
        ("/items", "post"),
    }
    assert found["tags"] == [{"name": "Item"}]


async def test_docstrings_become_summary_and_description() -> None:
    operation = (await document(ItemController))["paths"]["/items/{item_id}"]["get"]
    assert (operation["summary"], operation["description"]) == ("One item.", "With all its tags.")
    assert operation["tags"] == ["Item"]


async def test_parameters_have_their_types_formats_bounds_enums_and_defaults() -> None:
    found = await document(ItemController)
    parameters = {item["name"]: item for item in found["paths"]["/items/{item_id}"]["get"]["parameters"]}
    assert {name: (item["in"], item["required"]) for name, item in parameters.items()} == {
        "item_id": ("path", True),
        "size": ("query", False),
        "color": ("query", False),
        "since": ("query", False),
        "ids": ("query", False),
        "x-api-key": ("header", False),
        "session_id": ("cookie", False),
    }
    assert parameters["item_id"]["schema"] == {"type": "integer", "minimum": 1}
    assert parameters["size"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert parameters["color"]["schema"] == {"$ref": "#/components/schemas/Color"}
    assert parameters["since"]["schema"] == {"type": "string", "format": "date"}
    assert parameters["ids"]["schema"]["items"] == {"type": "string", "format": "uuid"}
    assert found["components"]["schemas"]["Color"]["enum"] == ["red", "blue"]


async def test_bodies_and_results_refer_to_components() -> None:
    found = await document(ItemController)
    create = found["paths"]["/items"]["post"]
    assert create["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewItem"}}},
    }
    assert create["responses"]["201"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Item"
    }
    assert "itemName" in found["components"]["schemas"]["Item"]["properties"]
    paged = found["paths"]["/items"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert (
        found["components"]["schemas"][paged["$ref"].rpartition("/")[2]]["properties"]["items"]["type"]
        == "array"
    )


async def test_an_operation_without_a_result_answers_204() -> None:
    operation = (await document(ItemController))["paths"]["/items/{item_id}"]["delete"]
    assert operation["responses"]["204"] == {"description": "No Content"}
    assert operation["deprecated"] is True


async def test_discriminated_unions_are_one_of() -> None:
    found = await document(AnimalController)
    schema = found["paths"]["/animals"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["discriminator"]["propertyName"] == "kind"
    assert len(schema["oneOf"]) == 2


async def test_operation_ids_are_handler_names_made_unique_by_the_tag() -> None:
    found = await document(ItemController, AnimalController)
    ids = [operation["operationId"] for item in found["paths"].values() for operation in item.values()]
    assert sorted(ids) == ["animal_create", "delete", "get_item", "item_create", "search"]


@pytest.mark.parametrize(
    ("properties", "media_type", "component"),
    [
        (WebProperties(), "application/problem+json", "ProblemDetail"),
        (
            WebProperties(errors=ErrorProperties(format=ErrorFormat.ENVELOPE)),
            "application/json",
            "ErrorEnvelope",
        ),
    ],
)
async def test_refusals_are_documented_as_they_are_sent(
    properties: WebProperties, media_type: str, component: str
) -> None:
    responses = (await document(ItemController, properties=properties))["paths"]["/items"]["post"][
        "responses"
    ]
    assert list(responses) == ["201", "400", "406", "413", "415", "422", "default"]
    for status in ("400", "422", "default"):
        schema = responses[status]["content"][media_type]["schema"]
        assert schema == {"$ref": f"#/components/schemas/{component}"}


class OwnError(BaseModel):
    oops: str


class OwnRenderer(ErrorRenderer):
    media_type = "application/vnd.oops+json"

    def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
        return RenderedError(OwnError(oops=error.message))

    def schema(self) -> type | None:
        return OwnError


async def test_the_errors_of_the_applications_own_renderer_are_documented() -> None:
    properties = WebProperties(errors=ErrorProperties(validation_status=400))
    found = await document(ItemController, OwnRenderer, properties=properties)
    responses = found["paths"]["/items"]["post"]["responses"]
    assert "422" not in responses
    assert responses["400"]["content"] == {
        "application/vnd.oops+json": {"schema": {"$ref": "#/components/schemas/OwnError"}}
    }


async def test_equal_class_names_do_not_overwrite_each_other() -> None:
    first, second = (type("Same", (BaseModel,), {"__annotations__": {name: int}}) for name in ("one", "two"))
    second.__module__ = "elsewhere"

    async def a(self: object, body: Any) -> None: ...

    async def b(self: object, body: Any) -> None: ...

    a.__annotations__["body"], b.__annotations__["body"] = first, second
    cls = rest_controller(type("Both", (), {"a": post_mapping("/a")(a), "b": post_mapping("/b")(b)}))
    schemas = (await document(cls))["components"]["schemas"]
    assert len([name for name in schemas if "Same" in name]) == 2


async def test_the_same_routes_give_the_same_bytes() -> None:
    texts = set()
    for _ in range(2):
        async with client_of(ItemController, AnimalController) as client:
            texts.add((await client.get("/openapi.json")).content)
            texts.add((await client.get("/openapi.json")).content)
    assert len(texts) == 1


async def test_every_schema_is_a_valid_json_schema_and_every_reference_resolves() -> None:
    found = await document(ItemController, AnimalController)
    for schema in found["components"]["schemas"].values():
        assert jsonschema_rs.meta.is_valid(schema)
    text = str(found)
    for reference in {part.split("'")[0] for part in text.split("#/components/schemas/")[1:]}:
        assert reference in found["components"]["schemas"]


def test_without_routes_there_are_no_paths() -> None:
    assert OpenAPIGenerator("T", "1").generate() == {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
    }


@pytest.mark.parametrize(("path", "mount"), [("/docs", "swagger-ui"), ("/redoc", "redoc")])
async def test_the_pages_load_nothing_from_elsewhere(path: str, mount: str) -> None:
    async with client_of(ItemController, title="<b>Shop</b>") as client:
        page = await client.get(path)
        assert f'id="{mount}"' in page.text
        assert "<b>" not in page.text
        assert "<b>Shop</b>" in unescape(page.text)
        sources = [part.split('"')[0] for part in page.text.replace('href="', 'src="').split('src="')[1:]]
        assert sources
        for source in sources:
            assert (await client.get(source)).status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_the_pages_know_where_the_application_is_mounted() -> None:
    async with client_of(ItemController, properties=WebProperties(base_path="/shop")) as client:
        text = (await client.get("/shop/docs")).text
    assert '"/shop/openapi.json"' in text
    assert 'src="/shop/docs/assets/swagger-ui/swagger-ui-bundle.js"' in text


@pytest.mark.parametrize("name", ["../generator.py", "swagger-ui/LICENSE", "nothing"])
async def test_only_the_files_of_the_pages_are_served(name: str) -> None:
    async with client_of(ItemController) as client:
        assert (await client.get(f"/docs/assets/{name}")).status_code == 404


async def test_documents_can_be_turned_off() -> None:
    async with client_of(ItemController, docs_enabled=False) as client:
        assert [(await client.get(path)).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [
            404
        ] * 3


def test_metadata_names_every_route() -> None:
    metadata = assembled(container_of(ItemController), WebProperties(base_path="/shop")).metadata
    assert ("/shop/items", "POST", 201, "create", "Item") in [
        (item.path, item.http_method, item.status_code, item.handler_name, item.tag) for item in metadata
    ]
