"""uvicorn, the default HTTP server (extra ``web``)."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.adapters.uvicorn.processes import serve_import_string
    from pyfly.web.adapters.uvicorn.server import UvicornServer

__all__ = ["UvicornServer", "serve_import_string"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "UvicornServer": "pyfly.web.adapters.uvicorn.server",
        "serve_import_string": "pyfly.web.adapters.uvicorn.processes",
    },
)
