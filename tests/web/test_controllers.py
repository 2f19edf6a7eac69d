"""Inherited and generic controllers, and mappings that cannot work."""

from typing import Annotated, Any, Generic, TypeVar

import pytest
from pydantic import BaseModel

from pyfly.container.exceptions import BeanGraphError
from pyfly.web import (
    Body,
    Form,
    ResponseEntity,
    UploadedFile,
    get_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
    rest_controller,
)
from tests.web.support import assembled, client_of, container_of

T = TypeVar("T")
K = TypeVar("K")


class Pet(BaseModel):
    name: str


class Reader(Generic[K, T]):
    items: dict[Any, Any]

    @get_mapping("/{key}")
    async def find(self, key: K) -> T | None:
        return self.items.get(key)


class Crud(Reader[int, T]):
    @post_mapping("/{key}", status_code=201)
    async def create(self, key: int, item: T) -> ResponseEntity[T]:
        self.items[key] = item
        return ResponseEntity.created(f"/{key}", item)

    @put_mapping()
    async def replace(self, items: Body[list[T]]) -> dict[str, T]:
        return {str(number): item for number, item in enumerate(items)}


@rest_controller
@request_mapping("/pets")
class Pets(Crud[Pet]):
    def __init__(self) -> None:
        self.items = {}


@rest_controller
@request_mapping("/words")
class Words(Crud[Annotated[str, "any"]]):
    def __init__(self) -> None:
        self.items = {}

    async def create(self, key: int, item: Body[int]) -> ResponseEntity[int]:  # type: ignore[override]  # what is tested
        self.items[key] = str(item)
        return ResponseEntity.ok(item)


async def test_mappings_of_a_generic_base_have_the_types_of_the_subclass() -> None:
    async with client_of(Pets) as client:
        created = await client.post("/pets/1", json={"name": "Bella", "secret": 1})
        assert (created.status_code, created.json()) == (201, {"name": "Bella"})
        assert (await client.get("/pets/1")).json() == {"name": "Bella"}
        assert (await client.get("/pets/x")).status_code == 400
        assert (await client.post("/pets/2", json={})).json()["errors"][0]["field"] == "name"
        assert (await client.put("/pets", json=[{"name": "a"}])).json() == {"0": {"name": "a"}}


async def test_an_override_has_its_own_types_and_the_inherited_path() -> None:
    async with client_of(Words) as client:
        assert (await client.post("/words/1", json=5)).json() == 5
        assert (await client.get("/words/1")).json() == "5"
        assert (await client.post("/words/1", json="x")).status_code == 422


async def test_the_schema_of_a_generic_controller_is_that_of_its_types() -> None:
    async with client_of(Pets) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    body = paths["/pets/{key}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Pet"}


def test_an_open_type_variable_stops_the_start_and_says_what_to_do() -> None:
    @rest_controller
    class Open(Crud[T]):
        pass

    with pytest.raises(BeanGraphError, match="is open") as caught:
        assembled(container_of(Open))
    assert "Open.create" in str(caught.value)


class Table:
    __tablename__ = "tables"
    role: str


def _two_kinds(self: object, a: Body[Pet], b: Form[str]) -> None: ...


def _entity(self: object, a: Body[list[Table]]) -> None: ...


def _form_entity(self: object, a: Form[Table]) -> None: ...


async def _stream(self: object, a: UploadedFile) -> Any:
    yield b""


def test_a_get_request_has_no_form() -> None:
    cls = rest_controller(type("Broken", (), {"handle": get_mapping("/x")(_form)}))
    with pytest.raises(BeanGraphError, match="a GET request brings no form"):
        assembled(container_of(cls))


def _form(self: object, a: Form[str]) -> None: ...


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (_two_kinds, "'a' wants it whole and 'b' wants it as a form"),
        (_entity, "clients could set every column of the entity that 'a' is"),
        (_form_entity, "clients could set every column of the entity that 'a' is"),
        (_stream, "uploaded files are gone once an answer has begun"),
    ],
)
def test_a_handler_that_could_not_be_served_stops_the_start(handler: Any, words: str) -> None:
    cls = rest_controller(type("Broken", (), {"handle": post_mapping("/x")(handler)}))
    with pytest.raises(BeanGraphError) as caught:
        assembled(container_of(cls))
    assert words in str(caught.value)
