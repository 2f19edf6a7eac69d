"""Versions of an operation, and its end, are in the document."""

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.core.config.config import Config
from pyfly.web import Body, delete_mapping, get_mapping, post_mapping, request_mapping, rest_controller
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


class Card(BaseModel):
    number: int


class Owned(Card):
    owner: str


@rest_controller
@request_mapping("/owned")
class OwnedController:
    @post_mapping(version="1")
    async def first(self, card: Body[Card]) -> Card:
        return card

    @post_mapping(version="2+")
    async def second(self, card: Body[Owned]) -> Owned:
        return card

    @delete_mapping(version="1")
    async def clear(self) -> None: ...


async def paths(use: str, *controllers: type, **settings: Any) -> dict[str, Any]:
    config = Config({"pyfly": {"web": {"versioning": {"use": use, **settings}}}})
    async with client_of(*(controllers or (CardController,)), config=config) as client:
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


async def test_the_path_without_a_version_is_that_of_the_default() -> None:
    found = await paths("path", default="2")
    assert list(found) == ["/v1/cards/{number}", "/v2/cards/{number}", "/cards/{number}"]


def _models(content: dict[str, Any]) -> dict[str, str]:
    return {media: said["schema"]["$ref"].rpartition("/")[2] for media, said in content.items()}


async def test_versions_that_media_types_name_are_media_types_of_one_operation() -> None:
    operation = (await paths("media-type", OwnedController, supported=["3"]))["/owned"]["post"]
    expected = {
        "application/json;version=1": "Card",
        "application/json;version=2": "Owned",
        "application/json;version=3": "Owned",
    }
    assert _models(operation["responses"]["200"]["content"]) == expected
    body = {
        media: name
        for media, name in _models(operation["requestBody"]["content"]).items()
        if "+" not in media
    }
    assert body == expected
    assert list(operation["responses"]["400"]["content"]) == ["application/problem+json"]


async def test_a_media_type_without_a_version_is_that_of_the_default() -> None:
    operation = (await paths("media-type", OwnedController, default="2"))["/owned"]["post"]
    assert _models(operation["responses"]["200"]["content"])["application/json"] == "Owned"


async def test_without_any_content_the_description_tells_how_versions_are_named() -> None:
    operation = (await paths("media-type", OwnedController))["/owned"]["delete"]
    assert operation["description"] == "Accept names the version of the API, as in */*;version=1: 1."


@pytest.mark.parametrize("version", ["1", "2"])
async def test_the_answer_has_the_media_type_that_the_document_promises(version: str) -> None:
    config = Config({"pyfly": {"web": {"versioning": {"use": "media-type"}}}})
    media_type = f"application/json;version={version}"
    async with client_of(OwnedController, config=config) as client:
        card = b'{"number": 1, "owner": "George"}'
        answer = await client.post("/owned", content=card, headers={"content-type": media_type})
        unknown = await client.post("/owned", content=b"{}", headers={"content-type": media_type})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert unknown.headers["content-type"] == "application/problem+json"
