"""The settings of the actuator."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record, attribute


class ShowDetails(StrEnum):
    """Who sees the components of the health report."""

    NEVER = "never"
    ALWAYS = "always"
    WHEN_AUTHORIZED = "when-authorized"


class HealthProperties(Record, kw_only=True):
    """The health endpoint."""

    show_details: Annotated[
        ShowDetails,
        Doc("Who sees the components: never, always, or when-authorized, those with a security context."),
    ] = ShowDetails.WHEN_AUTHORIZED
    timeout: Annotated[timedelta, Doc("How long one indicator may take before it counts as DOWN.")] = (
        timedelta(seconds=5)
    )


class EndpointProperties(Record, kw_only=True):
    """One endpoint."""

    enabled: Annotated[bool, Doc("Whether the endpoint answers, whatever it says itself.")] = True


@config_properties("pyfly.actuator")
class ActuatorProperties(Record, kw_only=True):
    """``pyfly.actuator``: health and information over HTTP."""

    enabled: Annotated[bool, Doc("Serve the actuator.")] = True
    base_path: Annotated[str, Doc("Where it is, below pyfly.web.base-path.")] = "/actuator"
    expose: Annotated[list[str], Doc('The endpoints that are served; "*" means all.')] = attribute(
        default_factory=lambda: ["health", "info"]
    )
    health: HealthProperties = attribute(default_factory=HealthProperties)
    endpoints: Annotated[dict[str, EndpointProperties], Doc("Switches of single endpoints, by id.")] = (
        attribute(default_factory=dict)
    )
