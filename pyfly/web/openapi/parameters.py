"""The parameters of an operation: what it reads from path, query, headers and cookies."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic_core import to_jsonable_python

from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.shapes import is_model
from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.conventions import Conventions
from pyfly.web.openapi.idempotency import key_parameters
from pyfly.web.openapi.schemas import JsonSchema, Schemas, parameter_key
from pyfly.web.openapi.versions import version_parameters
from pyfly.web.ports.arguments import Argument, Documented

PLACES: Final = {
    Source.PATH: "path",
    Source.QUERY: "query",
    Source.HEADER: "header",
    Source.COOKIE: "cookie",
}


class Parameters:
    """Describes parameters with the schemas of one document."""

    def __init__(self, schemas: Schemas, conventions: Conventions) -> None:
        """Refer to *schemas* and follow *conventions*."""
        self._schemas = schemas
        self._conventions = conventions

    def of(self, index: int, route: RouteMetadata) -> list[dict[str, Any]]:
        """Return the parameters of the route at *index*."""
        if route.plan is None:
            return route.parameters
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for item in route.plan.parameters:
            for each in self._of(index, item):
                found.setdefault((each["in"], each["name"]), each)
        for read in (version_parameters, key_parameters):
            for each in read(route.plan, self._conventions.settings):
                found.setdefault((each["in"], each["name"]), each)
        return [*found.values()]

    def _of(self, index: int, item: Parameter) -> list[dict[str, Any]]:
        if item.source in PLACES:
            schema = self._schemas.get(parameter_key(index, item.name)) or {}
            if item.source is Source.QUERY and is_model(item.type):
                return self._fields(schema, required=item.required)
            return [_parameter(item, PLACES[item.source], without_null(schema))]
        return [_said(each) for each in self._documented(item)]

    def _documented(self, item: Parameter) -> Sequence[Documented]:
        if item.source is Source.PAGE:
            from pyfly.web.paging.properties import PagingProperties  # it imports pyfly.data
            from pyfly.web.paging.reading import documented

            return documented(item, self._conventions.settings(PagingProperties))
        if item.resolver is not None:
            found: Sequence[Documented] = item.resolver.documented(
                Argument(item.name, item.type, item.default)
            )
            return found
        return ()

    def _fields(self, schema: JsonSchema, *, required: bool) -> list[dict[str, Any]]:
        model = self._schemas.resolved(without_null(schema))
        names = model.get("required", []) if required else []
        return [
            _described({"name": name, "in": "query", "required": name in names, "schema": without_null(part)})
            for name, part in model.get("properties", {}).items()
        ]


def without_null(schema: JsonSchema) -> JsonSchema:
    """Return *schema* without ``null``, which URLs, headers and forms cannot express."""
    rest = {
        key: value
        for key, value in schema.items()
        if key != "anyOf" and not (key == "default" and value is None)
    }
    if "anyOf" not in schema:
        return rest
    choices = [item for item in schema["anyOf"] if item != {"type": "null"}]
    return {**rest, **choices[0]} if len(choices) == 1 else {**rest, "anyOf": choices}


def with_default(item: Parameter, schema: JsonSchema) -> JsonSchema:
    """Return *schema* with the default of *item*, if it has one that JSON can express."""
    if item.required or item.default is None:
        return schema
    try:
        return {**schema, "default": to_jsonable_python(item.default)}
    except ValueError:  # what pydantic does not know, and bytes that are no text
        return schema


def _parameter(item: Parameter, place: str, schema: JsonSchema) -> dict[str, Any]:
    said = {"name": item.wire, "in": place, "required": item.required, "schema": with_default(item, schema)}
    return _described(said)


def _described(parameter: dict[str, Any]) -> dict[str, Any]:
    description = parameter["schema"].get("description")
    return {**parameter, "description": description} if description else parameter


def _said(each: Documented) -> dict[str, Any]:
    found = {"name": each.name, "in": each.place, "required": each.required, "schema": dict(each.schema)}
    return {**found, "description": each.description} if each.description else found
