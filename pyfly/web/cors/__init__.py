"""CORS: which other origins may read the responses of this application, and what they may send."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.cors.policy import UnusableCorsError
    from pyfly.web.cors.properties import CORSConfig, CorsProperties

__all__ = ["CORSConfig", "CorsProperties", "UnusableCorsError"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "CORSConfig": "pyfly.web.cors.properties",
        "CorsProperties": "pyfly.web.cors.properties",
        "UnusableCorsError": "pyfly.web.cors.policy",
    },
)
