"""Auto-configuration: discovers the defaults of every subsystem and records who serves what."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.config.auto import AutoConfiguration as AutoConfiguration
    from pyfly.config.auto import AutoConfigurationEngine as AutoConfigurationEngine
    from pyfly.config.discovery import ENTRY_POINT_GROUP as ENTRY_POINT_GROUP

__all__ = [
    "ENTRY_POINT_GROUP",
    "AutoConfiguration",
    "AutoConfigurationEngine",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ENTRY_POINT_GROUP": "pyfly.config.discovery",
        "AutoConfiguration": "pyfly.config.auto",
        "AutoConfigurationEngine": "pyfly.config.auto",
    },
)
