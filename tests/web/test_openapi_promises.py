"""Idempotency keys, ends, closed bodies, links of pages and advice are in the document."""

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from pyfly.core.config.config import Config
from pyfly.data import Page, Pageable
from pyfly.web import (
    Valid,
    controller_advice,
    exception_handler,
    get_mapping,
    idempotent,
    post_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.params import Form
from pyfly.web.versioning import deprecated_api
from tests.web.support import client_of

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetail"}}}


class Line(BaseModel):
    model_config = ConfigDict(extra="allow")
    item: str


class Order(BaseModel):
    lines: list[Line]
    notes: dict[str, str] = {}


class Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: str


class Contact(BaseModel):
    mail: str


class Refusal(BaseModel):
    reason: str


class Busy(BaseModel):
    seconds: int


class OutOfStock(Exception):  # what the test is about
    """There is nothing left."""


class Closed(Exception):  # what the test is about
    """The shop is closed."""


@rest_controller
@request_mapping("/orders")
class OrderController:
    @post_mapping(status_code=201)
    @idempotent(required=True)
    async def order(self, order: Valid[Order]) -> int:
        return len(order.lines)

    @post_mapping("/loose")
    async def loose(self, item: Valid[Loose]) -> int:
        return 1

    @post_mapping("/contact")
    async def contact(self, contact: Form[Contact]) -> int:
        return 1

    @get_mapping()
    async def all(self, page: Pageable) -> Page[int]:
        return Page([], 0, page.page, page.size)

    @get_mapping("/count")
    async def count(self) -> int:
        return 0


@rest_controller
@request_mapping("/old")
@deprecated_api(sunset=date(2030, 1, 1), link="https://orders.test/v2")
class OldController:
    @get_mapping("/{number}")
    async def get(self, number: int) -> int:
        return number

    @get_mapping()
    async def all(self, page: Pageable) -> Page[int]:
        return Page([], 0, page.page, page.size)


@rest_controller
@request_mapping("/own")
class OwnController:
    @exception_handler(OutOfStock, status_code=410)
    async def gone(self, failure: OutOfStock) -> Refusal:
        return Refusal(reason="gone")

    @get_mapping()
    async def get(self) -> int:
        raise OutOfStock


@controller_advice
class ShopAdvice:
    @exception_handler(OutOfStock, status_code=409)
    async def sold_out(self, failure: OutOfStock) -> Refusal:
        """There is nothing left."""
        return Refusal(reason="sold out")


@controller_advice(controllers=[OldController])
class OldAdvice:
    @exception_handler(Closed, status_code=503)
    async def closed(self, failure: Closed) -> Busy:
        """The old shop is closed."""
        return Busy(seconds=1)


async def document(*classes: type, **web: Any) -> dict[str, Any]:
    async with client_of(*classes, config=Config({"pyfly": {"web": web}})) as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def key_of(operation: dict[str, Any]) -> dict[str, Any] | None:
    return next((each for each in operation.get("parameters", ()) if each["in"] == "header"), None)


async def test_an_idempotent_operation_takes_a_key_and_tells_what_happens_to_it() -> None:
    path = (await document(OrderController))["paths"]
    operation, other = path["/orders"]["post"], path["/orders/loose"]["post"]
    key = key_of(operation)
    assert key is not None
    assert (key["name"], key["required"]) == ("Idempotency-Key", True)
    assert {"400", "409", "422"} <= operation["responses"].keys()
    assert operation["responses"]["409"] == {"description": "Conflict", "content": PROBLEM}
    assert key_of(other) is None
    assert "409" not in other["responses"]


async def test_keys_that_are_switched_on_for_all_are_told_under_their_own_name() -> None:
    said = {"enabled": True, "header": "X-Once"}
    path = (await document(OrderController, idempotency=said))["paths"]
    key = key_of(path["/orders/loose"]["post"])
    assert key is not None
    assert (key["name"], key["required"]) == ("X-Once", False)
    assert key_of(path["/orders"]["get"]) is None


async def test_every_answer_of_a_deprecated_controller_tells_of_its_end() -> None:
    operation = (await document(OldController))["paths"]["/old/{number}"]["get"]
    assert operation["deprecated"] is True
    headers = [set(each["headers"]) for each in operation["responses"].values()]
    assert headers == [{"Deprecation", "Sunset", "Link"}] * len(operation["responses"])


async def test_pages_tell_where_the_other_pages_are() -> None:
    path = (await document(OrderController))["paths"]
    responses = path["/orders"]["get"]["responses"]
    assert "last page" in responses["200"]["headers"]["Link"]["description"]
    assert "headers" not in responses["400"]
    assert "headers" not in path["/orders/count"]["get"]["responses"]["200"]


async def test_pages_without_links_do_not_promise_any() -> None:
    path = (await document(OrderController, paging={"links": False}))["paths"]
    assert "headers" not in path["/orders"]["get"]["responses"]["200"]


async def test_one_header_may_have_two_meanings() -> None:
    link = (await document(OldController))["paths"]["/old"]["get"]["responses"]["200"]["headers"]["Link"]
    assert "last page" in link["description"]
    assert "deprecation" in link["description"]


async def test_bodies_are_closed_as_they_are_validated() -> None:
    closed = (await document(OrderController, binding={"unknown-fields": "forbid"}))["components"]["schemas"]
    assert closed["Order"]["additionalProperties"] is False
    assert closed["Line"]["additionalProperties"] is True
    assert closed["Contact"]["additionalProperties"] is False
    assert closed["Order"]["properties"]["notes"]["additionalProperties"] == {"type": "string"}
    assert "additionalProperties" not in closed["Loose"]
    assert "additionalProperties" not in closed["ProblemDetail"]


async def test_a_closed_body_is_refused_where_the_document_says_so() -> None:
    config = Config({"pyfly": {"web": {"binding": {"unknown-fields": "forbid"}}}})
    async with client_of(OrderController, config=config) as client:
        inside = await client.post(
            "/orders", json={"lines": [{"item": "a", "b": 1}]}, headers={"Idempotency-Key": "1"}
        )
        form = await client.post("/orders/contact", data={"mail": "a", "b": "1"})
        loose = await client.post("/orders/loose", json={"name": "a", "b": 1})
        over = await client.post("/orders", json={"lines": [], "b": 1}, headers={"Idempotency-Key": "2"})
    # What a model says itself is meant, inside of others too.
    assert (inside.status_code, form.status_code, loose.status_code, over.status_code) == (201, 422, 200, 422)


async def test_bodies_are_open_by_default() -> None:
    schemas = (await document(OrderController))["components"]["schemas"]
    assert "additionalProperties" not in schemas["Order"]


async def test_what_advice_answers_is_an_answer_of_the_operations_that_it_is_for() -> None:
    paths = (await document(OrderController, OldController, ShopAdvice, OldAdvice))["paths"]
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    count = paths["/orders/count"]["get"]["responses"]
    assert count["409"] == {"description": "There is nothing left.", "content": refusal}
    assert "503" not in count
    old = paths["/old/{number}"]["get"]["responses"]["503"]
    assert old["description"] == "The old shop is closed."
    assert old["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Busy"}


async def test_an_answer_of_advice_joins_another_of_the_same_status() -> None:
    paths = (await document(OrderController, ShopAdvice))["paths"]
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    assert paths["/orders"]["post"]["responses"]["409"]["content"] == {**PROBLEM, **refusal}


async def test_a_controller_answers_itself_before_advice_does() -> None:
    responses = (await document(OwnController, ShopAdvice))["paths"]["/own"]["get"]["responses"]
    assert "410" in responses
    assert "409" not in responses


@pytest.mark.parametrize("use", ["header", "media-type"])
async def test_a_request_may_name_no_version_and_be_refused(use: str) -> None:
    @rest_controller
    @request_mapping("/cards")
    class CardController:
        @get_mapping(version="1")
        async def all(self) -> int:
            return 1

    responses = (await document(CardController, versioning={"use": use}))["paths"]["/cards"]["get"]
    assert "400" in responses["responses"]
