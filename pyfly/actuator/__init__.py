"""Health and information about a running application, for people and probes, over HTTP.

A bean that inherits :class:`HealthIndicator` takes part in ``/actuator/health``; a bean with the methods
of :class:`ActuatorEndpoint` is an endpoint of its own.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.actuator.application import ApplicationActuator
    from pyfly.actuator.health import HealthAggregator, HealthIndicator, HealthResult, HealthStatus
    from pyfly.actuator.ports.outbound import ActuatorEndpoint
    from pyfly.actuator.properties import ActuatorProperties
    from pyfly.actuator.registry import ActuatorRegistry

__all__ = [
    "ActuatorEndpoint",
    "ActuatorProperties",
    "ActuatorRegistry",
    "ApplicationActuator",
    "HealthAggregator",
    "HealthIndicator",
    "HealthResult",
    "HealthStatus",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ActuatorEndpoint": "pyfly.actuator.ports",
        "ActuatorProperties": "pyfly.actuator.properties",
        "ActuatorRegistry": "pyfly.actuator.registry",
        "ApplicationActuator": "pyfly.actuator.application",
        "HealthAggregator": "pyfly.actuator.health",
        "HealthIndicator": "pyfly.actuator.health",
        "HealthResult": "pyfly.actuator.health",
        "HealthStatus": "pyfly.actuator.health",
    },
)
