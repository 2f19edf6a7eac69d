"""The settings classes of earlier programs, kept importable; the framework itself reads each module's own.

``Config.bind(WebProperties)`` still works. New code injects the properties class of the module in
question, for example ``pyfly.web.properties.WebProperties``.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.config.properties.cache import CacheProperties as CacheProperties
    from pyfly.config.properties.client import ClientProperties as ClientProperties
    from pyfly.config.properties.data import RelationalProperties as RelationalProperties
    from pyfly.config.properties.logging import LoggingProperties as LoggingProperties
    from pyfly.config.properties.messaging import MessagingProperties as MessagingProperties
    from pyfly.config.properties.mongodb import DocumentProperties as DocumentProperties
    from pyfly.config.properties.web import WebProperties as WebProperties

__all__ = [
    "CacheProperties",
    "ClientProperties",
    "DocumentProperties",
    "LoggingProperties",
    "MessagingProperties",
    "RelationalProperties",
    "WebProperties",
]
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "CacheProperties": "pyfly.config.properties.cache",
        "ClientProperties": "pyfly.config.properties.client",
        "DocumentProperties": "pyfly.config.properties.mongodb",
        "LoggingProperties": "pyfly.config.properties.logging",
        "MessagingProperties": "pyfly.config.properties.messaging",
        "RelationalProperties": "pyfly.config.properties.data",
        "WebProperties": "pyfly.config.properties.web",
    },
)
