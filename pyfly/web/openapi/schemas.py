"""All JSON schemas of a document in one pass, so that equal class names never overwrite each other."""

from collections.abc import Sequence
from typing import Any, Final, Literal, cast

from pydantic import TypeAdapter

from pyfly.container.types import MISSING
from pyfly.web.binding.parameters import Source
from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.answers import advised_answers, described_answers
from pyfly.web.openapi.conventions import Conventions
from pyfly.web.openapi.unknown_fields import close, closed_parameter
from pyfly.web.type_adapters import Adapter, adapter_of

Mode = Literal["validation", "serialization"]
Key = tuple[int, str]
JsonSchema = dict[str, Any]

REF_TEMPLATE: Final = "#/components/schemas/{model}"
ERROR: Final[Key] = (-1, "error")
_SCHEMA_SOURCES: Final = frozenset(
    {Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE, Source.BODY, Source.FORM, Source.FILE}
)


class Schemas:
    """The schemas of parameters, bodies, results and errors by key, and the components they refer to."""

    def __init__(self, routes: Sequence[RouteMetadata], error: type | None, conventions: Conventions) -> None:
        """Gather what *routes* and *error* need, as *conventions* have it."""
        inputs: list[tuple[Key, Mode, Adapter]] = []
        for index, route in enumerate(routes):
            inputs += [*_inputs_of(index, route), *_advised(index, route, conventions.advice)]
        if error is not None:
            inputs.append((ERROR, "serialization", adapter_of(error, "errors")))
        found, rest = TypeAdapter.json_schemas(cast("Any", inputs), by_alias=True, ref_template=REF_TEMPLATE)
        self._by_key: dict[Key, JsonSchema] = {key: dict(schema) for (key, _), schema in found.items()}
        self.components: dict[str, JsonSchema] = dict(sorted(rest.get("$defs", {}).items()))
        for index, route in enumerate(routes):
            closed = closed_parameter(route.plan, conventions.settings) if route.plan else None
            if route.plan and closed is not None:
                close(self.get(parameter_key(index, closed)), self.components, route.plan.adapters[closed])

    def get(self, key: Key) -> JsonSchema | None:
        """Return the schema under *key*."""
        return self._by_key.get(key)

    def resolved(self, schema: JsonSchema) -> JsonSchema:
        """Return *schema*, or the component that it refers to."""
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.components.get(name, schema)


def parameter_key(index: int, name: str) -> Key:
    """Return the key of a parameter of the route at *index*."""
    return index, f"p:{name}"


def result_key(index: int) -> Key:
    """Return the key of the result of the route at *index*."""
    return index, "result"


def response_key(index: int, status: int) -> Key:
    """Return the key of an answer that was documented by hand."""
    return index, f"r:{status}"


def advice_key(index: int, number: int) -> Key:
    """Return the key of an answer that advice gives for the route at *index*."""
    return index, f"a:{number}"


def _inputs_of(index: int, route: RouteMetadata) -> list[tuple[Key, Mode, Adapter]]:
    plan = route.plan
    if plan is None:
        return [*_plain_inputs(index, route), *_described(index, route)]
    found: list[tuple[Key, Mode, Adapter]] = [
        *_described(index, route),
    ]
    found += [
        (parameter_key(index, item.name), "validation", plan.adapters[item.name])
        for item in plan.parameters
        if item.source in _SCHEMA_SOURCES
    ]
    if plan.result is not None:
        found.append((result_key(index), "serialization", plan.result))
    return found


def _described(index: int, route: RouteMetadata) -> list[tuple[Key, Mode, Adapter]]:
    return [
        (response_key(index, each.status), "serialization", adapter_of(each.model, "a documented answer"))
        for each in described_answers(route)
        if each.model is not None
    ]


def _advised(index: int, route: RouteMetadata, advice: Sequence[type]) -> list[tuple[Key, Mode, Adapter]]:
    return [
        (advice_key(index, number), "serialization", adapter_of(each.model, "a documented answer"))
        for number, each in enumerate(advised_answers(route, advice))
    ]


def _plain_inputs(index: int, route: RouteMetadata) -> list[tuple[Key, Mode, Adapter]]:
    found: list[tuple[Key, Mode, Adapter]] = []
    if route.request_body_model is not None:
        found.append(
            (
                parameter_key(index, "body"),
                "validation",
                adapter_of(route.request_body_model, "a documented body"),
            )
        )
    if route.return_type not in (None, MISSING, dict, list, Any):
        found.append(
            (result_key(index), "serialization", adapter_of(route.return_type, "a documented result"))
        )
    return found
