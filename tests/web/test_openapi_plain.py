"""Routes that were described by hand, as the published interface has it."""

from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.web import QueryParam, get_mapping, rest_controller
from pyfly.web.adapters.starlette import ControllerRegistrar
from pyfly.web.adapters.starlette.controller import RouteMetadata
from pyfly.web.errors.renderers import ProblemRenderer
from pyfly.web.openapi import OpenAPIGenerator
from tests.web.booted import application_of


class Pet(BaseModel):
    name: str


def handler() -> None: ...


def route(method: str, **said: Any) -> RouteMetadata:
    return RouteMetadata("/pets", method, 200, handler, "pets", **said)


def document(*routes: RouteMetadata, **options: Any) -> dict[str, Any]:
    return OpenAPIGenerator("Pets", "1").generate(list(routes), **options)


def test_a_body_brings_the_422_that_generators_of_clients_know() -> None:
    found = document(route("POST", request_body_model=Pet))
    refused = found["paths"]["/pets"]["post"]["responses"]["422"]
    assert refused == {
        "description": "Validation Error",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}},
    }
    assert set(found["components"]["schemas"]) == {"HTTPValidationError", "Pet", "ValidationError"}


@pytest.mark.parametrize("returns", [None, dict], ids=str)
def test_without_models_there_are_no_components_and_no_errors(returns: Any) -> None:
    found = document(route("GET", return_type=returns))
    assert found["paths"]["/pets"]["get"]["responses"] == {"200": {"description": "Successful response"}}
    assert "components" not in found


def test_a_form_of_errors_that_is_given_is_told() -> None:
    found = document(route("GET"), errors=ProblemRenderer())
    assert set(found["paths"]["/pets"]["get"]["responses"]) == {"200", "default"}
    assert "ProblemDetail" in found["components"]["schemas"]


@rest_controller
class Defaults:
    @get_mapping("/defaults")
    async def get(self, mark: QueryParam[bytes] = b"x", odd: QueryParam[bytes] = b"\xff") -> None:
        """Have defaults that JSON cannot always express."""


async def test_metadata_of_controllers_holds_what_json_can_express() -> None:
    async with application_of(Defaults) as running:
        (found,) = ControllerRegistrar().collect_route_metadata(running.context)
    assert [each["schema"] for each in found.parameters] == [
        {"type": "string", "default": "x"},
        {"type": "string"},
    ]
