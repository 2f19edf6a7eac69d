"""Puts health and information of the application into its web application."""

from collections.abc import Iterable

from pyfly.actuator.health import HealthAggregator
from pyfly.actuator.properties import ActuatorProperties
from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_bean,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.core.config.config import Config
from pyfly.web.application import WebApplication
from pyfly.web.ports.routes import RawRoute, RouteSource


class ApplicationActuator(RouteSource):
    """Serves the endpoints of one application. Indicators and endpoints are looked for when it is ready."""

    def __init__(
        self,
        container: Container,
        config: Config,
        properties: ActuatorProperties,
        aggregator: HealthAggregator,
    ) -> None:
        """Serve what *container* has, as *properties* say."""
        self._container = container
        self._config = config
        self._properties = properties
        self._aggregator = aggregator

    def routes(self) -> Iterable[RawRoute]:
        """Return the routes of all enabled and exposed endpoints."""
        from pyfly.actuator.discovery import registry_of
        from pyfly.actuator.routes import ActuatorRoutes

        registry = registry_of(self._container, self._config, self._properties, self._aggregator)
        return ActuatorRoutes(registry, self._properties.base_path, self._properties.expose).routes()


@auto_configuration(after=("pyfly.web.auto_configuration.WebAutoConfiguration",))
@conditional_on_property("pyfly.actuator.enabled", "true", match_if_missing=True)
@conditional_on_bean(WebApplication)
class ActuatorAutoConfiguration:
    """The actuator of an application that serves HTTP."""

    @bean
    @conditional_on_missing_bean(HealthAggregator)
    def health_aggregator(self, properties: ActuatorProperties) -> HealthAggregator:
        """Ask all indicators at once."""
        return HealthAggregator(properties.health.timeout)

    @bean
    def actuator(
        self,
        container: Container,
        config: Config,
        properties: ActuatorProperties,
        aggregator: HealthAggregator,
    ) -> ApplicationActuator:
        """Serve the endpoints."""
        return ApplicationActuator(container, config, properties, aggregator)
