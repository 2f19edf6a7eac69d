"""Versions of an API: several handlers for one path, chosen by header, query, media type or path; and their end.

``@get_mapping("/pets", version="2")`` answers requests for version 2, ``version="2+"`` those for 2 and all later
ones. ``@deprecated_api`` tells clients that a route is deprecated, and when it goes.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.versioning.deprecation import deprecated_api
    from pyfly.web.versioning.properties import VersioningProperties
    from pyfly.web.versions import api_version

__all__ = ["VersioningProperties", "api_version", "deprecated_api"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "VersioningProperties": "pyfly.web.versioning.properties",
        "api_version": "pyfly.web.versions",
        "deprecated_api": "pyfly.web.versioning.deprecation",
    },
)
