"""The document is valid OpenAPI 3.1: by the official schema, and by the rules that no schema can say."""

import re
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.web import (
    test_openapi,
    test_openapi_annotations,
    test_openapi_contributors,
    test_openapi_media_types,
)
from tests.web.support import client_of

APPLICATIONS = {
    "parameters": (test_openapi.ItemController, test_openapi.AnimalController),
    "annotations": (test_openapi_annotations.KettleController,),
    "contributors": (test_openapi_contributors.AccountController, test_openapi_contributors.Tokens),
    "media types": (test_openapi_media_types.ReadingController, test_openapi_media_types.Csv),
    "all": (
        test_openapi.ItemController,
        test_openapi.AnimalController,
        test_openapi_annotations.KettleController,
        test_openapi_contributors.AccountController,
        test_openapi_media_types.ReadingController,
        test_openapi_media_types.ReportController,
    ),
    "nothing": (),
}


async def document(*classes: type) -> dict[str, Any]:
    async with client_of(*classes) as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def operations(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, operation) for path, item in found["paths"].items() for operation in item.values()]


@pytest.mark.parametrize("classes", APPLICATIONS.values(), ids=APPLICATIONS.keys())
async def test_the_official_schema_accepts_it(classes: tuple[type, ...]) -> None:
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(await document(*classes))] == []


def test_the_official_schema_refuses_what_is_wrong() -> None:
    assert not OPENAPI_31_VALIDATOR.is_valid(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"no-slash": {}}}
    )


async def test_operation_ids_are_unique_and_references_resolve() -> None:
    found = await document(*APPLICATIONS["all"])
    ids = Counter(operation["operationId"] for _, operation in operations(found))
    assert [name for name, number in ids.items() if number > 1] == []
    schemas = found["components"]["schemas"]
    assert set(re.findall(r"#/components/schemas/([^'\"]+)", str(found))) <= schemas.keys()
    assert all(jsonschema_rs.meta.is_valid(schema) for schema in schemas.values())


async def test_path_variables_and_path_parameters_are_the_same() -> None:
    for path, operation in operations(await document(*APPLICATIONS["all"])):
        declared = [each for each in operation.get("parameters", ()) if each["in"] == "path"]
        assert {each["name"] for each in declared} == set(re.findall(r"{([^}]+)}", path))
        assert all(each["required"] for each in declared)


async def test_no_operation_names_a_parameter_twice() -> None:
    for _, operation in operations(await document(*APPLICATIONS["all"])):
        names = Counter((each["in"], each["name"]) for each in operation.get("parameters", ()))
        assert all(number == 1 for number in names.values())
