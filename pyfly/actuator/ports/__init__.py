"""What the actuator asks of others: endpoints."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.actuator.ports.outbound import ActuatorEndpoint

__all__ = ["ActuatorEndpoint"]

__getattr__, __dir__ = lazy_exports(__name__, {"ActuatorEndpoint": "pyfly.actuator.ports.outbound"})
