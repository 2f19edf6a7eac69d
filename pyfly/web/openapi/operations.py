"""One operation of the document: parameters, request body, responses."""

from typing import Any, Final

from pydantic_core import PydanticSerializationError, to_jsonable_python

from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.shapes import is_model, strip
from pyfly.web.errors.status import reason_of
from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.schemas import ERROR, JsonSchema, Schemas, parameter_key, result_key

_IN_URL_OR_HEADER: Final = {
    Source.PATH: "path",
    Source.QUERY: "query",
    Source.HEADER: "header",
    Source.COOKIE: "cookie",
}
_NO_CONTENT: Final = 204


class Operations:
    """Writes operations with the schemas of one document."""

    def __init__(self, schemas: Schemas, error_media_type: str, validation_status: int) -> None:
        """Refer to *schemas*; errors are sent as *error_media_type*."""
        self._schemas = schemas
        self._error_media_type = error_media_type
        self._validation_status = validation_status

    def of(self, index: int, route: RouteMetadata) -> dict[str, Any]:
        """Return the operation of the route at *index*, without its id."""
        said: dict[str, Any] = {}
        if route.tag:
            said["tags"] = [route.tag]
        if route.summary:
            said["summary"] = route.summary
        if route.description:
            said["description"] = route.description
        if route.deprecated:
            said["deprecated"] = True
        parameters = self._parameters(index, route.plan) if route.plan else route.parameters
        if parameters:
            said["parameters"] = parameters
        body = self._request_body(index, route)
        if body:
            said["requestBody"] = body
        said["responses"] = self._responses(index, route)
        return said

    def _parameters(self, index: int, plan: RoutePlan) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for item in plan.parameters:
            place = _IN_URL_OR_HEADER.get(item.source)
            if place is None:
                continue
            schema = self._schemas.get(parameter_key(index, item.name)) or {}
            if item.source is Source.QUERY and is_model(item.type):
                found += self._model_parameters(schema)
            else:
                found.append(_parameter(item, place, _without_null(schema)))
        return found

    def _model_parameters(self, schema: JsonSchema) -> list[dict[str, Any]]:
        model = self._schemas.resolved(schema)
        required = model.get("required", [])
        return [
            {"name": name, "in": "query", "required": name in required, "schema": _without_null(part)}
            for name, part in model.get("properties", {}).items()
        ]

    def _request_body(self, index: int, route: RouteMetadata) -> dict[str, Any] | None:
        if route.plan is None:
            schema = self._schemas.get(parameter_key(index, "body"))
            return schema and _body(schema, "application/json", required=True)
        item = route.plan.body
        if item is None:
            return None
        media_type = {bytes: "application/octet-stream", str: "text/plain"}.get(
            strip(item.type), "application/json"
        )
        return _body(
            self._schemas.get(parameter_key(index, item.name)) or {}, media_type, required=item.required
        )

    def _responses(self, index: int, route: RouteMetadata) -> dict[str, Any]:
        status = _success_status(route)
        found: dict[str, Any] = {str(status): self._success(index, route, status)}
        error = self._schemas.get(ERROR)
        content = {"content": {self._error_media_type: {"schema": error}}} if error else {}
        for refused in self._refusals(route.plan):
            found[str(refused)] = {"description": reason_of(refused), **content}
        found["default"] = {"description": "Error", **content}
        return found

    def _success(self, index: int, route: RouteMetadata, status: int) -> dict[str, Any]:
        if status == _NO_CONTENT:
            return {"description": "No Content"}
        said: dict[str, Any] = {"description": "Successful response"}
        schema = self._schemas.get(result_key(index))
        if route.return_type is bytes:
            said["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        elif schema is not None:
            said["content"] = {"application/json": {"schema": schema}}
        return said

    def _refusals(self, plan: RoutePlan | None) -> list[int]:
        if plan is None:
            return []
        found: set[int] = set()
        sources = {item.source for item in plan.parameters}
        if sources & _IN_URL_OR_HEADER.keys():
            found.add(400)
        if Source.PATH in sources:
            found.add(404)
        if Source.BODY in sources:
            found |= {400, 413, 415, self._validation_status}
        return sorted(found)


def _success_status(route: RouteMetadata) -> int:
    plan = route.plan
    if (
        plan is not None
        and route.status_code == 200
        and plan.returns in (None, type(None))
        and not plan.entity
    ):
        return _NO_CONTENT
    return route.status_code


def _parameter(item: Parameter, place: str, schema: JsonSchema) -> dict[str, Any]:
    if not item.required and item.default is not None:
        try:
            schema = {**schema, "default": to_jsonable_python(item.default)}
        except PydanticSerializationError:
            schema = dict(schema)
    said = {"name": item.wire, "in": place, "required": item.required, "schema": schema}
    description = schema.get("description")
    return {**said, "description": description} if description else said


def _body(schema: JsonSchema, media_type: str, *, required: bool) -> dict[str, Any]:
    return {"required": required, "content": {media_type: {"schema": schema}}}


def _without_null(schema: JsonSchema) -> JsonSchema:
    """Return *schema* without ``null``, which URLs and headers cannot express."""
    choices = [item for item in schema.get("anyOf", ()) if item != {"type": "null"}]
    if "anyOf" not in schema or len(choices) == len(schema["anyOf"]):
        return {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    rest = {
        key: value
        for key, value in schema.items()
        if key != "anyOf" and not (key == "default" and value is None)
    }
    return {**rest, **choices[0]} if len(choices) == 1 else {**rest, "anyOf": choices}
