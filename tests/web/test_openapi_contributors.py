"""Other modules tell what they know of the operations: security schemes, credentials, extensions."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyfly.container import component
from pyfly.web import get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.openapi import OpenAPIContributor
from tests.web.support import client_of

BEARER = {"type": "http", "scheme": "bearer"}
API_KEY = {"type": "apiKey", "in": "header", "name": "x-key"}


@rest_controller
@request_mapping("/accounts")
class AccountController:
    @get_mapping("/{number}")
    async def get(self, number: int) -> int:
        return number

    @get_mapping("/rates")
    async def rates(self) -> list[float]:
        return []

    @post_mapping()
    async def add(self) -> None: ...


@component
class Tokens(OpenAPIContributor):
    def security_schemes(self) -> Mapping[str, Mapping[str, Any]]:
        return {"bearer": BEARER, "api-key": API_KEY}

    def security_of(self, route: Any) -> Sequence[Mapping[str, Sequence[str]]] | None:
        if route.handler_name == "add":
            return None
        return [] if route.path.endswith("rates") else [{"bearer": ["read"]}, {"api-key": ()}]

    def contribute(self, document: dict[str, Any]) -> None:
        document["x-bank"] = True


@component
class Silent(OpenAPIContributor):
    """Knows nothing."""


async def document(*classes: type) -> dict[str, Any]:
    async with client_of(*classes) as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


async def test_schemes_and_extensions_are_in_the_document() -> None:
    found = await document(AccountController, Silent, Tokens)
    assert found["x-bank"] is True
    assert found["components"]["securitySchemes"] == {
        "api-key": API_KEY,
        "bearer": BEARER,
    }


async def test_operations_name_the_credentials_that_they_want_and_how_they_refuse() -> None:
    paths = (await document(AccountController, Silent, Tokens))["paths"]
    secured = paths["/accounts/{number}"]["get"]
    assert secured["security"] == [{"bearer": ["read"]}, {"api-key": []}]
    assert list(secured["responses"]) == ["200", "400", "401", "403", "404", "406", "default"]


async def test_an_operation_for_everybody_differs_from_one_without_an_opinion() -> None:
    paths = (await document(AccountController, Tokens))["paths"]
    assert paths["/accounts/rates"]["get"]["security"] == []
    assert "401" not in paths["/accounts/rates"]["get"]["responses"]
    assert "security" not in paths["/accounts"]["post"]


async def test_without_contributors_there_is_no_security() -> None:
    found = await document(AccountController)
    assert "securitySchemes" not in found["components"]
    assert "x-bank" not in found
