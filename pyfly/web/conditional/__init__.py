"""Conditional requests (RFC 9110, section 13): entity tags, 304 and 412."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.conditional.tags import etag_of, require_match

__all__ = ["etag_of", "require_match"]

__getattr__, __dir__ = lazy_exports(
    __name__, dict.fromkeys(("etag_of", "require_match"), "pyfly.web.conditional.tags")
)
