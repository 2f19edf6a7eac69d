"""Versions of an operation, and its end, are in the document."""

from datetime import date
from typing import Any

import pytest

from pyfly.core.config.config import Config
from pyfly.web import get_mapping, request_mapping, rest_controller
from pyfly.web.versioning import deprecated_api
from tests.web.support import client_of


@rest_controller
@request_mapping("/cards")
class CardController:
    @get_mapping("/{number}", version="1")
    @deprecated_api(sunset=date(2030, 1, 1), link="https://cards.test/v2")
    async def first(self, number: int) -> list[int]:
        return [number]

    @get_mapping("/{number}", version="2")
    async def second(self, number: int) -> list[int]:
        return [number]


async def paths(use: str) -> dict[str, Any]:
    config = Config({"pyfly": {"web": {"versioning": {"use": use}}}})
    async with client_of(CardController, config=config) as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()["paths"]
    return found


async def test_versions_in_paths_are_operations_of_their_own() -> None:
    found = await paths("path")
    assert list(found) == ["/v1/cards/{number}", "/v2/cards/{number}"]
    assert [item["get"].get("deprecated") for item in found.values()] == [True, None]


@pytest.mark.parametrize("use", ["header", "query"])
async def test_a_version_that_is_chosen_otherwise_is_a_parameter_of_one_operation(use: str) -> None:
    operation = (await paths(use))["/cards/{number}"]["get"]
    assert [(each["in"], each["required"]) for each in operation["parameters"]] == [
        ("path", True),
        (use, True),
    ]
    assert "deprecated" not in operation


async def test_the_end_of_an_operation_and_where_it_is_explained_are_told() -> None:
    operation = (await paths("path"))["/v1/cards/{number}"]["get"]
    assert operation["x-sunset"].startswith("2030-01-01")
    assert operation["externalDocs"] == {"url": "https://cards.test/v2"}
