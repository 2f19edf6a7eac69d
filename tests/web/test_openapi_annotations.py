"""What a handler says about itself beyond its signature is in the document."""

from typing import Any

from pydantic import BaseModel

from pyfly.web import exception_handler, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.openapi import api_operation, api_response, api_tag
from tests.web.support import client_of

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetail"}}}


class Teapot(BaseModel):
    short: bool


class Kettle(BaseModel):
    litres: float


@rest_controller
@request_mapping("/kettles")
@api_tag("kitchen", "What stands in the kitchen.")
@api_response(503, "There is no water.")
class KettleController:
    @get_mapping("/{number}")
    @api_response(404, "There is no such kettle.")
    @api_response(418, model=Teapot, media_type="application/vnd.teapot+json")
    async def get(self, number: int) -> Kettle:
        """Get a kettle."""
        return Kettle(litres=number)

    @post_mapping(status_code=202)
    @api_response(202, "It will boil.")
    @api_response(303)
    @api_operation(operation_id="boilAll", summary="Boil all kettles.", tags=("work", "kitchen"))
    async def boil(self) -> None:
        """Boil."""

    @get_mapping("/secret")
    @api_operation(hidden=True)
    async def secret(self) -> str:
        return "gold"


@rest_controller
@request_mapping("/cellar")
@api_operation(hidden=True)
class CellarController:
    @get_mapping()
    async def all(self) -> str:
        return "wine"


class Dry(Exception):  # what the test is about
    """There is no water."""


@rest_controller
@request_mapping("/wells")
class WellController:
    @get_mapping()
    @api_response(409, "Somebody else is drawing.")
    async def draw(self) -> Kettle:
        raise Dry

    @exception_handler(Dry, status_code=410)
    async def dry(self, error: Dry) -> Teapot:
        """The well is dry."""
        return Teapot(short=True)

    @exception_handler(OSError, status_code=409)
    async def broken(self, error: OSError) -> Teapot:
        """The bucket is gone."""
        return Teapot(short=True)

    @exception_handler(ValueError)
    async def decides_itself(self, error: ValueError) -> tuple[int, str]:
        return 418, "short"


async def document(*classes: type) -> dict[str, Any]:
    async with client_of(*classes) as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


async def test_documented_responses_of_handler_and_controller_join_those_of_the_signature() -> None:
    responses = (await document(KettleController))["paths"]["/kettles/{number}"]["get"]["responses"]
    assert list(responses) == ["200", "400", "404", "406", "418", "503", "default"]
    assert responses["404"] == {"description": "There is no such kettle.", "content": PROBLEM}
    assert responses["503"] == {"description": "There is no water.", "content": PROBLEM}


async def test_a_documented_response_may_have_a_model_and_a_media_type_of_its_own() -> None:
    found = await document(KettleController)
    response = found["paths"]["/kettles/{number}"]["get"]["responses"]["418"]
    assert response["description"] == "I'm a Teapot"
    assert response["content"] == {
        "application/vnd.teapot+json": {"schema": {"$ref": "#/components/schemas/Teapot"}}
    }
    assert "Teapot" in found["components"]["schemas"]


async def test_success_can_be_described_and_a_redirect_has_no_body() -> None:
    responses = (await document(KettleController))["paths"]["/kettles"]["post"]["responses"]
    assert responses["202"] == {"description": "It will boil."}
    assert responses["303"] == {"description": "See Other"}


async def test_id_summary_and_tags_can_be_chosen() -> None:
    found = await document(KettleController)
    boil, get = found["paths"]["/kettles"]["post"], found["paths"]["/kettles/{number}"]["get"]
    assert (boil["operationId"], boil["summary"], boil["tags"]) == (
        "boilAll",
        "Boil all kettles.",
        ["work", "kitchen"],
    )
    assert (get["operationId"], get["summary"], get["tags"]) == ("get", "Get a kettle.", ["kitchen"])
    assert found["tags"] == [
        {"name": "kitchen", "description": "What stands in the kitchen."},
        {"name": "work"},
    ]


async def test_hidden_operations_are_served_and_not_documented() -> None:
    assert list((await document(KettleController, CellarController))["paths"]) == [
        "/kettles/{number}",
        "/kettles",
    ]
    async with client_of(CellarController) as client:
        assert (await client.get("/cellar")).json() == "wine"


async def test_what_exception_handlers_of_the_controller_answer_is_documented() -> None:
    responses = (await document(WellController))["paths"]["/wells"]["get"]["responses"]
    assert list(responses) == ["200", "406", "409", "410", "default"]
    assert responses["410"] == {
        "description": "The well is dry.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Teapot"}}},
    }


async def test_what_the_handler_itself_says_wins() -> None:
    responses = (await document(WellController))["paths"]["/wells"]["get"]["responses"]
    assert responses["409"] == {"description": "Somebody else is drawing.", "content": PROBLEM}
