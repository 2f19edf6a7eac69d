"""The OpenAPI 3.1 document, made from the compiled routes, and the pages that show it."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.openapi.generator import OpenAPIGenerator

__all__ = ["OpenAPIGenerator"]

__getattr__, __dir__ = lazy_exports(__name__, {"OpenAPIGenerator": "pyfly.web.openapi.generator"})
