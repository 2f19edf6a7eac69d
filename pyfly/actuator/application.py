"""The actuator of one application, as routes for its web application."""

from collections.abc import Iterable

from pyfly.actuator.discovery import registry_of
from pyfly.actuator.health import HealthAggregator
from pyfly.actuator.properties import ActuatorProperties
from pyfly.actuator.routes import ActuatorRoutes
from pyfly.container.container import Container
from pyfly.core.config.config import Config
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
        registry = registry_of(self._container, self._config, self._properties, self._aggregator)
        return ActuatorRoutes(registry, self._properties.base_path, self._properties.expose).routes()
