"""The OpenAPI 3.1 document, made from the compiled routes, and the pages that show it."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.openapi.annotations import api_operation, api_response, api_tag
    from pyfly.web.openapi.generator import OpenAPIGenerator
    from pyfly.web.ports.openapi import OpenAPIContributor

__all__ = ["OpenAPIContributor", "OpenAPIGenerator", "api_operation", "api_response", "api_tag"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        **dict.fromkeys(("api_operation", "api_response", "api_tag"), "pyfly.web.openapi.annotations"),
        "OpenAPIContributor": "pyfly.web.ports.openapi",
        "OpenAPIGenerator": "pyfly.web.openapi.generator",
    },
)
