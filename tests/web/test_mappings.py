from typing import Any

import pytest

from pyfly.web import (
    delete_mapping,
    exception_handler,
    get_mapping,
    patch_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
    rest_controller,
    sse_mapping,
    websocket_mapping,
)
from pyfly.web.mappings import MappingDecorator
from tests.web.support import client_of


@pytest.mark.parametrize(
    ("mapping", "method"),
    [
        (get_mapping, "GET"),
        (post_mapping, "POST"),
        (put_mapping, "PUT"),
        (patch_mapping, "PATCH"),
        (delete_mapping, "DELETE"),
    ],
)
async def test_each_decorator_answers_its_own_method(mapping: MappingDecorator, method: str) -> None:
    @rest_controller
    class Things:
        @mapping("/things")
        async def handle(self) -> str:
            return method

    async with client_of(Things) as client:
        assert (await client.request(method, "/things")).json() == method


async def test_the_path_of_the_class_comes_before_those_of_its_methods() -> None:
    @rest_controller
    @request_mapping("/api/items/")
    class Items:
        @get_mapping()
        async def all(self) -> str:
            return "all"

        @get_mapping("/new")
        async def new(self) -> str:
            return "new"

    async with client_of(Items) as client:
        assert (await client.get("/api/items")).json() == "all"
        assert (await client.get("/api/items/new")).json() == "new"


async def test_the_status_of_success_is_that_of_the_mapping() -> None:
    @rest_controller
    class Things:
        @post_mapping("/things", status_code=201)
        async def create(self) -> dict[str, int]:
            return {"id": 1}

    async with client_of(Things) as client:
        assert (await client.post("/things")).status_code == 201


async def test_an_override_without_a_mapping_keeps_the_inherited_one() -> None:
    class Base:
        @get_mapping("/name")
        async def name(self) -> str:
            return "base"

    @rest_controller
    @request_mapping("/derived")
    class Derived(Base):
        async def name(self) -> str:
            return "derived"

    async with client_of(Derived) as client:
        assert (await client.get("/derived/name")).json() == "derived"


def test_a_decorator_returns_the_function_itself_and_publishes_what_it_said() -> None:
    def handler(self: object) -> None: ...

    assert put_mapping("/x", status_code=202)(handler) is handler
    assert vars(handler)["__pyfly_mapping__"] == {"method": "PUT", "path": "/x", "status_code": 202}


@pytest.mark.parametrize(
    "decorator",
    [get_mapping, post_mapping, request_mapping, sse_mapping, websocket_mapping],
    ids=lambda each: each.__name__,
)
def test_a_mapping_without_parentheses_says_how_it_is_written(decorator: Any) -> None:
    def handler() -> None: ...

    with pytest.raises(TypeError, match="with parentheses"):
        decorator(handler)


@pytest.mark.parametrize("wrong", [dict, "KeyError", len], ids=str)
def test_an_exception_handler_takes_a_class_of_exceptions(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"@exception_handler\(ValueError\)"):
        exception_handler(wrong)
