"""The request body of an operation: JSON or what converters read, raw, or a form."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.shapes import is_model, strip
from pyfly.web.metadata import RouteMetadata
from pyfly.web.negotiation.reading import Reading
from pyfly.web.openapi.conventions import Conventions
from pyfly.web.openapi.parameters import with_default, without_null
from pyfly.web.openapi.schemas import JsonSchema, Schemas, parameter_key

FORM_SOURCES: Final = frozenset({Source.FORM, Source.FILE})
MULTIPART: Final = "multipart/form-data"
URLENCODED: Final = "application/x-www-form-urlencoded"

_RAW: Final[dict[Any, tuple[str, JsonSchema]]] = {
    bytes: ("application/octet-stream", {}),
    str: ("text/plain", {"type": "string"}),
}


class Bodies:
    """Describes request bodies with the schemas of one document."""

    def __init__(self, schemas: Schemas, conventions: Conventions) -> None:
        """Refer to *schemas* and follow *conventions*."""
        self._schemas = schemas
        self._conventions = conventions

    def of(self, index: int, route: RouteMetadata) -> dict[str, Any] | None:
        """Return the request body of the route at *index*, if it reads one."""
        plan = route.plan
        if plan is None:
            schema = self._schemas.get(parameter_key(index, "body"))
            return _body({"application/json": schema}, required=True) if schema else None
        fields = [item for item in plan.parameters if item.source in FORM_SOURCES]
        if fields:
            return self._form(index, plan, fields)
        item = plan.body
        if item is None:
            return None
        raw = _RAW.get(strip(item.type))
        schema = raw[1] if raw else self._schemas.get(parameter_key(index, item.name)) or {}
        taken = [raw[0]] if raw and not plan.consumes else self._taken(plan.consumes, item.type)
        return _body(dict.fromkeys(taken, schema), required=item.required)

    def _taken(self, consumes: Sequence[str], annotation: Any) -> Sequence[str]:
        return Reading(consumes, annotation, bytes, self._conventions.converters).taken

    def _form(self, index: int, plan: RoutePlan, fields: Sequence[Parameter]) -> dict[str, Any]:
        schemas = [self._schemas.get(parameter_key(index, item.name)) or {} for item in fields]
        if len(fields) == 1 and is_model(fields[0].type):
            schema = without_null(schemas[0])
            properties = self._schemas.resolved(schema).get("properties", {})
        else:
            schema = self._object(fields, schemas)
            properties = schema["properties"]
        has_files = any(_is_file(each) for each in properties.values())
        taken = plan.consumes or ((MULTIPART,) if has_files else (URLENCODED, MULTIPART))
        return _body(dict.fromkeys(taken, schema), required=any(item.required for item in fields))

    def _object(self, fields: Sequence[Parameter], schemas: Sequence[JsonSchema]) -> JsonSchema:
        properties: dict[str, JsonSchema] = {}
        required: list[str] = []
        for item, schema in zip(fields, schemas, strict=True):
            if is_model(item.type):
                model = self._schemas.resolved(without_null(schema))
                properties |= model.get("properties", {})
                required += model.get("required", []) if item.required else []
            else:
                properties[item.wire] = with_default(item, without_null(schema))
                required += [item.wire] if item.required else []
        return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _is_file(schema: Mapping[str, Any]) -> bool:
    parts = [schema, schema.get("items", {}), *schema.get("anyOf", ())]
    return any(part.get("format") == "binary" for part in parts)


def _body(content: Mapping[str, JsonSchema], *, required: bool) -> dict[str, Any]:
    return {"required": required, "content": {media: {"schema": schema} for media, schema in content.items()}}
