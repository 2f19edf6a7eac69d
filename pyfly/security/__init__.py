"""Who makes a request, and what they may do."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.security.context import SecurityContext as SecurityContext

__all__ = ["SecurityContext"]

__getattr__, __dir__ = lazy_exports(__name__, {"SecurityContext": "pyfly.security.context"})
