"""Puts health and information of the application into its web application."""

from pyfly import actuator  # a lazy package: its names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_bean,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.core.config.config import Config


@auto_configuration(after=("pyfly.web.auto_configuration.WebAutoConfiguration",))
@conditional_on_property("pyfly.actuator.enabled", "true", match_if_missing=True)
@conditional_on_bean("pyfly.web.application.WebApplication")
class ActuatorAutoConfiguration:
    """The actuator of an application that serves HTTP."""

    @bean
    @conditional_on_missing_bean("pyfly.actuator.health.HealthAggregator")
    def health_aggregator(self, properties: "actuator.ActuatorProperties") -> "actuator.HealthAggregator":
        """Ask all indicators at once."""
        return actuator.HealthAggregator(properties.health.timeout)

    @bean
    def application_actuator(
        self,
        container: Container,
        config: Config,
        properties: "actuator.ActuatorProperties",
        aggregator: "actuator.HealthAggregator",
    ) -> "actuator.ApplicationActuator":
        """Serve the endpoints."""
        return actuator.ApplicationActuator(container, config, properties, aggregator)
