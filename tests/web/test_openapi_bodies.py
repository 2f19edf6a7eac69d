"""Forms, uploads, pages and resolved parameters are documented as they are read."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from annotated_types import MinLen
from pydantic import BaseModel

from pyfly.container import component
from pyfly.core.config.config import Config
from pyfly.data import Pageable, Sort
from pyfly.web import Body, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.forms import UploadedFile
from pyfly.web.params import File, Form
from pyfly.web.ports.arguments import Argument, ArgumentResolver, Bind, Documented
from tests.web.support import client_of


class Person(BaseModel):
    name: Annotated[str, MinLen(1)]
    age: int = 30


class Tenant:
    """Whose data it is."""


@component
class TenantResolver(ArgumentResolver):
    types: ClassVar[tuple[type, ...]] = (Tenant,)

    def binder(self, argument: Argument, /) -> Bind:
        return lambda scope: Tenant()

    @classmethod
    def documented(cls, argument: Argument, /) -> Sequence[Documented]:
        schema = {"type": "string", "minLength": 1}
        return [Documented(name="X-Tenant", place="header", schema=schema, description="Whose data it is.")]


@rest_controller
@request_mapping("/people")
class PeopleController:
    @post_mapping("/fields")
    async def fields(
        self, name: Form[Annotated[str, MinLen(1)]], tags: Form[tuple[str, ...]] = (), size: Form[int] = 1
    ) -> None: ...

    @post_mapping("/model")
    async def model(self, person: Form[Person]) -> None: ...

    @post_mapping("/photo")
    async def photo(
        self, photo: UploadedFile, others: File[tuple[UploadedFile, ...]] = (), note: Form[str | None] = None
    ) -> None: ...

    @post_mapping("/optional")
    async def optional(self, person: Body[Person | None] = None) -> None: ...

    @get_mapping("/paged")
    async def paged(self, page: Pageable) -> list[Person]:
        return []

    @get_mapping("/sorted")
    async def sorted(self, order: Sort) -> list[Person]:
        return []

    @get_mapping("/tenant")
    async def tenant(self, tenant: Tenant) -> list[Person]:
        return []

    @get_mapping("/search")
    async def search(self, person: Person) -> list[Person]:
        return []


TEXT = {"type": "string"}
BINARY = {"type": "string", "format": "binary"}


async def operations(**options: Any) -> dict[str, Any]:
    async with client_of(PeopleController, TenantResolver, **options) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    return {operation["operationId"]: operation for item in paths.values() for operation in item.values()}


async def test_fields_of_a_form_are_an_object_in_both_forms_of_forms() -> None:
    body = (await operations())["fields"]["requestBody"]
    assert body["required"] is True
    assert list(body["content"]) == ["application/x-www-form-urlencoded", "multipart/form-data"]
    schema = body["content"]["multipart/form-data"]["schema"]
    assert schema["properties"]["name"] == {**TEXT, "minLength": 1}
    assert schema["properties"]["tags"] == {"type": "array", "items": TEXT, "default": []}
    assert schema["properties"]["size"] == {"type": "integer", "default": 1}
    assert schema["required"] == ["name"]


async def test_a_form_that_is_a_model_refers_to_it() -> None:
    content = (await operations())["model"]["requestBody"]["content"]
    assert content["application/x-www-form-urlencoded"]["schema"] == {"$ref": "#/components/schemas/Person"}


async def test_files_are_binary_and_multipart() -> None:
    content = (await operations())["photo"]["requestBody"]["content"]
    assert list(content) == ["multipart/form-data"]
    properties = content["multipart/form-data"]["schema"]["properties"]
    assert properties["photo"] == BINARY
    assert properties["others"]["items"] == BINARY
    assert properties["note"] == TEXT


async def test_forms_can_be_refused_as_bodies_can() -> None:
    for operation in ("fields", "photo"):
        responses = (await operations())[operation]["responses"]
        assert list(responses) == ["204", "400", "413", "415", "422", "default"]


async def test_a_body_may_be_optional() -> None:
    assert (await operations())["optional"]["requestBody"]["required"] is False


async def test_pages_have_the_parameters_and_bounds_of_the_settings() -> None:
    config = Config({"pyfly": {"web": {"paging": {"page-parameter": "p", "max-size": 50}}}})
    parameters = (await operations(config=config))["paged"]["parameters"]
    assert [(each["name"], each["in"], each["required"]) for each in parameters] == [
        ("p", "query", False),
        ("size", "query", False),
        ("sort", "query", False),
    ]
    assert parameters[1]["schema"]["maximum"] == 50
    assert [each["name"] for each in (await operations())["sorted"]["parameters"]] == ["sort"]


async def test_resolvers_say_what_they_read() -> None:
    operation = (await operations())["tenant"]
    assert operation["parameters"] == [
        {
            "name": "X-Tenant",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "minLength": 1},
            "description": "Whose data it is.",
        }
    ]
    assert "400" in operation["responses"]


async def test_a_model_in_the_query_is_one_parameter_for_each_field() -> None:
    parameters = (await operations())["search"]["parameters"]
    assert [(each["name"], each["required"]) for each in parameters] == [("name", True), ("age", False)]
