"""Writes the OpenAPI 3.1 document of a list of routes."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pyfly.web.errors.renderers import ProblemRenderer
from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.annotations import OperationRecord, said_of
from pyfly.web.openapi.conventions import Conventions
from pyfly.web.openapi.merging import merged
from pyfly.web.openapi.operations import Operations
from pyfly.web.openapi.plain import plain_components
from pyfly.web.openapi.schemas import Schemas
from pyfly.web.openapi.versions import MediaTypeVersions
from pyfly.web.ports.errors import ErrorRenderer
from pyfly.web.ports.openapi import OpenAPIContributor
from pyfly.web.routing.templates import without_converters

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


class OpenAPIGenerator:
    """Describes routes as OpenAPI 3.1; the same routes always give the same document."""

    def __init__(
        self, title: str, version: str, description: str = "", *, servers: Sequence[str] = ()
    ) -> None:
        """Describe the application called *title*, which is reached at *servers*."""
        self._info = {
            "title": title,
            "version": version,
            **({"description": description} if description else {}),
        }
        self._servers = [{"url": url} for url in servers]

    def generate(
        self,
        route_metadata: Sequence[RouteMetadata] | None = None,
        *,
        errors: ErrorRenderer | None = None,
        validation_status: int = 422,
        contributors: Sequence[OpenAPIContributor] = (),
        conventions: Conventions | None = None,
    ) -> dict[str, Any]:
        """Return the document of *route_metadata*.

        Args:
            route_metadata: The routes.
            errors: Gives errors their form.
            validation_status: The status of invalid bodies.
            contributors: Who knows more about the operations.
            conventions: What else holds for all operations.
        """
        routes = [route for route in route_metadata or () if not _is_hidden(route)]
        renderer = errors or ProblemRenderer()
        said = Conventions(renderer.media_type) if conventions is None else conventions
        said = said._replace(error_media_type=renderer.media_type, validation_status=validation_status)
        # Routes described by hand answer nothing themselves, so nobody knows the form of their errors.
        answers = errors is not None or any(route.plan is not None for route in routes)
        schemas = Schemas(routes, renderer.schema() if routes and answers else None, said)
        operations = Operations(schemas, said, contributors)
        versions = MediaTypeVersions([route.plan for route in routes if route.plan], said.settings)
        paths: dict[str, dict[str, Any]] = {}
        for index, (route, operation_id) in enumerate(zip(routes, _operation_ids(routes), strict=True)):
            path = paths.setdefault(without_converters(route.path), {})
            method = route.http_method.lower()
            operation = versions.told(operations.of(index, route), route.plan)
            operation = {"operationId": operation_id, **operation}
            path[method] = merged(path[method], operation) if method in path else operation
        document = {
            "openapi": "3.1.0",
            "info": self._info,
            **({"servers": self._servers} if self._servers else {}),
            "paths": paths,
            **_components({**plain_components(routes), **schemas.components}, contributors if routes else ()),
            **_tags(routes, paths),
        }
        for contributor in contributors:
            contributor.contribute(document)
        return document


def _components(components: Mapping[str, Any], contributors: Sequence[OpenAPIContributor]) -> dict[str, Any]:
    schemes: dict[str, Mapping[str, Any]] = {}
    for contributor in contributors:
        schemes.update(contributor.security_schemes())
    found = {
        **({"schemas": dict(sorted(components.items()))} if components else {}),
        **({"securitySchemes": dict(sorted(schemes.items()))} if schemes else {}),
    }
    return {"components": found} if found else {}


def _tags(routes: Sequence[RouteMetadata], paths: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    descriptions: dict[str, str] = {}
    for route in routes:
        said = _said_of_controller(route)
        descriptions.update(dict.fromkeys(said.tags, said.tag_description) if said.tag_description else {})
    names = dict.fromkeys(
        tag for path in paths.values() for operation in path.values() for tag in operation.get("tags", ())
    )
    tags = [
        {"name": name, **({"description": descriptions[name]} if name in descriptions else {})}
        for name in names
    ]
    return {"tags": tags} if tags else {}


def _operation_ids(routes: Sequence[RouteMetadata]) -> list[str]:
    own = [said_of(route.handler).operation_id for route in routes]
    names = Counter(route.handler_name for route, chosen in zip(routes, own, strict=True) if not chosen)
    ids = [
        chosen
        or (
            route.handler_name if names[route.handler_name] == 1 else f"{_prefix(route)}_{route.handler_name}"
        )
        for route, chosen in zip(routes, own, strict=True)
    ]
    seen: Counter[str] = Counter()
    for index, name in enumerate(ids):
        seen[name] += 1
        if seen[name] > 1:
            ids[index] = f"{name}_{seen[name]}"
    return ids


def _prefix(route: RouteMetadata) -> str:
    said = _said_of_controller(route)
    tag = said.tags[0] if said.tags else route.tag
    return _NOT_IN_A_NAME.sub("_", _CAMEL.sub("_", tag)).strip("_").lower()


def _is_hidden(route: RouteMetadata) -> bool:
    is_page = route.plan is not None and route.plan.view is not None
    return is_page or said_of(route.handler).hidden or _said_of_controller(route).hidden


def _said_of_controller(route: RouteMetadata) -> OperationRecord:
    return said_of(route.plan.controller) if route.plan else OperationRecord()
