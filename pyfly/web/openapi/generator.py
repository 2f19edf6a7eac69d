"""Writes the OpenAPI 3.1 document of a list of routes."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pyfly.web.errors.renderers import ProblemRenderer
from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.operations import Operations
from pyfly.web.openapi.schemas import Schemas
from pyfly.web.ports.errors import ErrorRenderer
from pyfly.web.routing.templates import without_converters

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class OpenAPIGenerator:
    """Describes routes as OpenAPI 3.1; the same routes always give the same document."""

    def __init__(self, title: str, version: str, description: str = "") -> None:
        """Describe the application called *title*."""
        self._info = {
            "title": title,
            "version": version,
            **({"description": description} if description else {}),
        }

    def generate(
        self,
        route_metadata: Sequence[RouteMetadata] | None = None,
        *,
        errors: ErrorRenderer | None = None,
        validation_status: int = 422,
    ) -> dict[str, Any]:
        """Return the document of *route_metadata*, whose errors look as *errors* renders them."""
        routes = list(route_metadata or ())
        renderer = errors or ProblemRenderer()
        schemas = Schemas(routes, renderer.schema() if routes else None)
        operations = Operations(schemas, renderer.media_type, validation_status)
        paths: dict[str, dict[str, Any]] = {}
        ids = _operation_ids(routes)
        for index, route in enumerate(routes):
            path = paths.setdefault(without_converters(route.path), {})
            path[route.http_method.lower()] = {"operationId": ids[index], **operations.of(index, route)}
        tags = list(dict.fromkeys(route.tag for route in routes if route.tag))
        return {
            "openapi": "3.1.0",
            "info": self._info,
            "paths": paths,
            **({"components": {"schemas": schemas.components}} if schemas.components else {}),
            **({"tags": [{"name": tag} for tag in tags]} if tags else {}),
        }


def _operation_ids(routes: Sequence[RouteMetadata]) -> list[str]:
    names = Counter(route.handler_name for route in routes)
    ids = [
        route.handler_name if names[route.handler_name] == 1 else f"{_snake(route.tag)}_{route.handler_name}"
        for route in routes
    ]
    seen: Counter[str] = Counter()
    for index, name in enumerate(ids):
        seen[name] += 1
        if seen[name] > 1:
            ids[index] = f"{name}_{seen[name]}"
    return ids


def _snake(name: str) -> str:
    return _CAMEL.sub("_", name).lower()
