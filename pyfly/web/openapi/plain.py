"""What is said of routes that were described by hand: invalid bodies in the form that generators of clients know."""

from collections.abc import Sequence
from typing import Any, Final

from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.schemas import REF_TEMPLATE

_STRING: Final = {"type": "string"}
_COMPONENTS: Final[dict[str, Any]] = {
    "HTTPValidationError": {
        "type": "object",
        "title": "HTTPValidationError",
        "properties": {
            "detail": {"type": "array", "items": {"$ref": REF_TEMPLATE.format(model="ValidationError")}}
        },
    },
    "ValidationError": {
        "type": "object",
        "title": "ValidationError",
        "required": ["loc", "msg", "type"],
        "properties": {
            "loc": {"type": "array", "items": {"anyOf": [_STRING, {"type": "integer"}]}},
            "msg": _STRING,
            "type": _STRING,
        },
    },
}


def plain_components(routes: Sequence[RouteMetadata]) -> dict[str, Any]:
    """Return the components that the answers of :func:`plain_refusals` refer to, if there are such answers."""
    return _COMPONENTS if any(map(plain_refusals, routes)) else {}


def plain_refusals(route: RouteMetadata) -> dict[str, Any]:
    """Return what *route*, if it has no plan, answers to an invalid body, if it has a body."""
    if route.plan is not None or route.request_body_model is None:
        return {}
    schema = {"$ref": REF_TEMPLATE.format(model="HTTPValidationError")}
    return {"422": {"description": "Validation Error", "content": {"application/json": {"schema": schema}}}}
