"""Port: what other modules know of the operations, told to the OpenAPI document."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class OpenAPIContributor(Protocol):
    """Port: adds to the document what does not follow from the routes; a bean must inherit this class.

    It is asked once, when somebody asks for the document. Every method has a default that adds nothing.
    """

    def security_schemes(self) -> Mapping[str, Mapping[str, Any]]:
        """Return security schemes by name, as ``components.securitySchemes`` wants them."""
        return {}

    def security_of(self, route: Any) -> Sequence[Mapping[str, Sequence[str]]] | None:
        """Return the alternatives by which a caller of *route* (a ``RouteMetadata``) proves who they are.

        Each names schemes and the scopes needed. An empty sequence is an operation for everybody, and ``None``
        is no opinion. An operation with alternatives also answers 401 and 403.
        """

    def contribute(self, document: dict[str, Any]) -> None:
        """Change the finished *document* in place."""
