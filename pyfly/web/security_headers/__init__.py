"""Security headers on every response, errors, streams and preflights included."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.security_headers.properties import SecurityHeadersConfig

__all__ = ["SecurityHeadersConfig"]

__getattr__, __dir__ = lazy_exports(
    __name__, {"SecurityHeadersConfig": "pyfly.web.security_headers.properties"}
)
