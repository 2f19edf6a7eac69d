"""One operation of the document: who it is, what it takes, what it answers."""

from collections.abc import Sequence
from typing import Any

from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.annotations import OperationRecord, said_of
from pyfly.web.openapi.answers import described_answers
from pyfly.web.openapi.bodies import Bodies
from pyfly.web.openapi.conventions import Conventions
from pyfly.web.openapi.parameters import Parameters
from pyfly.web.openapi.results import Results
from pyfly.web.openapi.schemas import Schemas
from pyfly.web.openapi.versions import deprecation
from pyfly.web.ports.openapi import OpenAPIContributor

_UNAUTHENTICATED = 401
_FORBIDDEN = 403


class Operations:
    """Writes operations with the schemas of one document."""

    def __init__(
        self,
        schemas: Schemas,
        conventions: Conventions,
        contributors: Sequence[OpenAPIContributor] = (),
    ) -> None:
        """Refer to *schemas* and follow *conventions*."""
        self._parameters = Parameters(schemas, conventions)
        self._bodies = Bodies(schemas, conventions)
        self._results = Results(schemas, conventions)
        self._contributors = contributors

    def of(self, index: int, route: RouteMetadata) -> dict[str, Any]:
        """Return the operation of the route at *index*, without its id."""
        said, group = said_of(route.handler), _of_controller(route)
        security = self._security(route)
        refused = (_UNAUTHENTICATED, _FORBIDDEN) if security else ()
        found = {
            "tags": [*(said.tags or group.tags or ([route.tag] if route.tag else []))],
            "summary": said.summary or route.summary,
            "description": route.description,
            "deprecated": route.deprecated,
            **(deprecation(route.plan) if route.plan else {}),
            "parameters": self._parameters.of(index, route),
            "requestBody": self._bodies.of(index, route),
            "responses": self._results.of(index, route, described_answers(route), refused),
        }
        operation = {key: value for key, value in found.items() if value}
        return operation if security is None else {**operation, "security": security}

    def _security(self, route: RouteMetadata) -> list[dict[str, list[str]]] | None:
        for contributor in self._contributors:
            alternatives = contributor.security_of(route)
            if alternatives is not None:
                return [{name: [*scopes] for name, scopes in each.items()} for each in alternatives]
        return None


def _of_controller(route: RouteMetadata) -> OperationRecord:
    return said_of(route.plan.controller) if route.plan else OperationRecord()
