"""granian, an HTTP server written in Rust (extra ``granian``, ``pyfly.web.server: granian``)."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.adapters.granian.server import GranianServer

__all__ = ["GranianServer"]

__getattr__, __dir__ = lazy_exports(__name__, {"GranianServer": "pyfly.web.adapters.granian.server"})
