"""What changed between two documents, and which of it breaks clients."""

from copy import deepcopy
from typing import Any

import pytest

from pyfly.web.openapi.diff import Change, compare

Json = dict[str, Any]

OLD: Json = {
    "openapi": "3.1.0",
    "paths": {
        "/items": {
            "get": {
                "operationId": "list",
                "parameters": [
                    {
                        "in": "query",
                        "name": "size",
                        "required": False,
                        "schema": {"type": "integer", "maximum": 100},
                    }
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}
                            }
                        }
                    }
                },
            },
            "post": {
                "operationId": "add",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/NewItem"}},
                        "text/csv": {"schema": {"type": "string"}},
                    },
                },
                "responses": {"201": {"description": "Created"}, "404": {"description": "Not Found"}},
            },
        }
    },
    "components": {
        "schemas": {
            "Item": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer"},
                    "color": {"enum": ["red", "blue"]},
                    "day": {"type": "string", "format": "date"},
                    "parent": {"$ref": "#/components/schemas/Item"},
                },
            },
            "NewItem": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 2},
                    "color": {"enum": ["red", "blue"]},
                    "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                },
            },
        }
    },
}
LIST, ADD = OLD["paths"]["/items"]["get"], OLD["paths"]["/items"]["post"]


def changed(*steps: str | int, to: Any) -> Json:
    """Return the old document with one place changed; ``...`` removes it."""
    new: Any = deepcopy(OLD)
    place = new
    for step in steps[:-1]:
        place = place[step]
    if to is ...:
        del place[steps[-1]]
    else:
        place[steps[-1]] = to
    return dict(new)


ITEMS, GET, POST = (
    ("paths", "/items"),
    ("paths", "/items", "get"),
    ("paths", "/items", "post"),
)
SIZE = (*GET, "parameters", 0)
BODY = (*POST, "requestBody")
ITEM, NEW = (("components", "schemas", name) for name in ("Item", "NewItem"))


def test_equal_documents_have_no_changes_and_recursive_schemas_an_end() -> None:
    assert compare(OLD, deepcopy(OLD)) == []


@pytest.mark.parametrize(
    ("new", "where", "what"),
    [
        (changed(*POST, to=...), "POST /items", "is gone"),
        (changed(*GET, "operationId", to="all"), "GET /items", "operationId is all, was list"),
        (
            changed(*GET, "security", to=[{"bearer": []}]),
            "GET /items",
            "asks for other credentials",
        ),
        (changed(*GET, "parameters", to=[]), "GET /items query parameter size", "is gone"),
        (changed(*SIZE, "required", to=True), "GET /items query parameter size", "has become required"),
        (
            changed(*SIZE, "schema", "maximum", to=50),
            "GET /items query parameter size",
            "maximum is 50, was 100",
        ),
        (
            changed(*SIZE, "schema", "type", to="string"),
            "GET /items query parameter size",
            "is string, was integer",
        ),
        (
            changed(
                *GET,
                "parameters",
                to=[*LIST["parameters"], {"in": "header", "name": "x", "required": True}],
            ),
            "GET /items header parameter x",
            "is new and required",
        ),
        (changed(*BODY, to=...), "POST /items request", "body is gone"),
        (changed(*BODY, "content", "text/csv", to=...), "POST /items request", "is no longer text/csv"),
        (
            changed(*NEW, "required", to=["name", "color"]),
            "POST /items request color",
            "has become required",
        ),
        (
            changed(*NEW, "properties", "name", "minLength", to=3),
            "POST /items request name",
            "minLength is 3, was 2",
        ),
        (
            changed(*NEW, "properties", "name", "pattern", to="^a"),
            "POST /items request name",
            "pattern is ^a, was not set",
        ),
        (
            changed(*NEW, "properties", "color", "enum", to=["red"]),
            "POST /items request color",
            "is never 'blue'",
        ),
        (
            changed(*NEW, "properties", "size", "anyOf", to=[{"type": "integer"}]),
            "POST /items request size",
            "may take fewer forms",
        ),
        (changed(*POST, "responses", "201", to=...), "POST /items response 201", "is gone"),
        (
            changed(*ITEM, "properties", "id", to=...),
            "GET /items response 200 [].id",
            "is gone",
        ),
        (changed(*ITEM, "required", to=[]), "GET /items response 200 [].id", "has become optional"),
        (
            changed(*ITEM, "properties", "id", "type", to=["integer", "null"]),
            "GET /items response 200 [].id",
            "is integer or null, was integer",
        ),
        (
            changed(*ITEM, "properties", "color", "enum", to=["red", "blue", "green"]),
            "GET /items response 200 [].color",
            "may be 'green'",
        ),
        (
            changed(*ITEM, "properties", "day", "format", to="date-time"),
            "GET /items response 200 [].day",
            "format is date-time, was date",
        ),
    ],
)
def test_what_a_client_would_notice_is_breaking(new: Json, where: str, what: str) -> None:
    assert compare(OLD, new) == [Change(where, what, breaking=True)]


@pytest.mark.parametrize(
    ("new", "where", "what"),
    [
        (changed(*ITEMS, "delete", to={"responses": {}}), "DELETE /items", "is new"),
        (changed(*GET, "deprecated", to=True), "GET /items", "is deprecated"),
        (changed(*GET, "security", to=[{"bearer": []}, {}]), "GET /items", "asks for other credentials"),
        (
            changed(*SIZE, "schema", "maximum", to=500),
            "GET /items query parameter size",
            "maximum is 500, was 100",
        ),
        (
            changed(*SIZE, "schema", "type", to=["integer", "string"]),
            "GET /items query parameter size",
            "is integer or string, was integer",
        ),
        (
            changed(*NEW, "properties", "color", "enum", to=["red", "blue", "green"]),
            "POST /items request color",
            "may be 'green'",
        ),
        (
            changed(*NEW, "properties", "note", to={"type": "string"}),
            "POST /items request note",
            "is new",
        ),
        (changed(*NEW, "required", to=[]), "POST /items request name", "has become optional"),
        (changed(*POST, "responses", "404", to=...), "POST /items response 404", "is gone"),
        (changed(*POST, "responses", "409", to={}), "POST /items response 409", "is new"),
        (
            changed(*ITEM, "required", to=["id", "color"]),
            "GET /items response 200 [].color",
            "has become required",
        ),
        (
            changed(*ITEM, "properties", "color", "enum", to=["red"]),
            "GET /items response 200 [].color",
            "is never 'blue'",
        ),
    ],
)
def test_what_no_client_would_notice_is_told_and_not_breaking(new: Json, where: str, what: str) -> None:
    assert compare(OLD, new) == [Change(where, what, breaking=False)]
