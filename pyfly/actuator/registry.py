"""Which endpoints there are and which of them answer."""

from collections.abc import Iterable
from typing import Any

from pyfly.actuator.ports.outbound import ActuatorEndpoint
from pyfly.container.container import Container
from pyfly.core.config.coercion import parse_bool
from pyfly.kernel.types import Settings


class ActuatorRegistry:
    """The endpoints by id. Configuration beats what an endpoint says about itself."""

    def __init__(self, config: Settings | None = None) -> None:
        """Let *config* switch endpoints on and off: ``pyfly.actuator.endpoints.<id>.enabled``."""
        self._config = config
        self._endpoints: dict[str, ActuatorEndpoint] = {}

    def register(self, endpoint: ActuatorEndpoint) -> None:
        """Add *endpoint*, in place of any other with its id."""
        self._endpoints[endpoint.endpoint_id] = endpoint

    def get_enabled_endpoints(self) -> dict[str, ActuatorEndpoint]:
        """Return the endpoints that answer, by id."""
        return {name: item for name, item in self._endpoints.items() if self._is_enabled(name, item)}

    def discover_from_context(self, context: Any) -> None:
        """Add the endpoint beans of *context*; an id that is taken stays as it is."""
        self.discover_from(context.container)

    def discover_from(self, container: Container) -> None:
        """Add the endpoint beans of *container*; an id that is taken stays as it is."""
        self.discover(container.get(each) for each in container.definitions_of(ActuatorEndpoint))

    def discover(self, endpoints: Iterable[ActuatorEndpoint]) -> None:
        """Add *endpoints*; an id that is taken stays as it is."""
        for endpoint in endpoints:
            self._endpoints.setdefault(endpoint.endpoint_id, endpoint)

    def _is_enabled(self, name: str, endpoint: ActuatorEndpoint) -> bool:
        said = self._config.get(f"pyfly.actuator.endpoints.{name}.enabled") if self._config else None
        if said is None:
            return endpoint.enabled
        return parse_bool(said)
