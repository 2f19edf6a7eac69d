"""Gathers the endpoints of one application: the framework's and its own beans."""

from pyfly.actuator.endpoints.health_endpoint import HealthEndpoint
from pyfly.actuator.endpoints.info_endpoint import InfoEndpoint
from pyfly.actuator.health import HealthAggregator
from pyfly.actuator.indicators import indicators_of
from pyfly.actuator.properties import ActuatorProperties, ShowDetails
from pyfly.actuator.registry import ActuatorRegistry
from pyfly.container.container import Container
from pyfly.core.application import PyFlyApplication
from pyfly.core.config.config import Config


def registry_of(
    container: Container, config: Config, properties: ActuatorProperties, aggregator: HealthAggregator
) -> ActuatorRegistry:
    """Return the endpoints of the application whose beans *container* has. The beans must be ready."""
    for name, indicator in indicators_of(container):
        aggregator.add_indicator(name, indicator)
    registry = ActuatorRegistry(config)
    registry.discover_from(container)
    said = properties.health.show_details
    health = HealthEndpoint(
        aggregator,
        show_details=said is ShowDetails.ALWAYS,
        when_authorized=said is ShowDetails.WHEN_AUTHORIZED,
    )
    registry.discover((health, InfoEndpoint(config, _identity_of(container))))
    return registry


def _identity_of(container: Container) -> dict[str, str] | None:
    if not container.definitions_of(PyFlyApplication):
        return None
    app = container.resolve(PyFlyApplication)
    return {"name": app.name, "version": app.version, "description": app.description}
