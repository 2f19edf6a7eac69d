"""The endpoints that come with the framework."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.actuator.endpoints.health_endpoint import HealthEndpoint
    from pyfly.actuator.endpoints.info_endpoint import InfoEndpoint

__all__ = ["HealthEndpoint", "InfoEndpoint"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "HealthEndpoint": "pyfly.actuator.endpoints.health_endpoint",
        "InfoEndpoint": "pyfly.actuator.endpoints.info_endpoint",
    },
)
