"""The actuator as Starlette routes."""

from typing import Any

from pyfly.actuator.registry import ActuatorRegistry
from pyfly.actuator.routes import ActuatorRoutes
from pyfly.web.adapters.starlette.mounting import starlette_route


def make_starlette_actuator_routes(registry: ActuatorRegistry, base_path: str = "/actuator") -> list[Any]:
    """Return a Starlette ``Route`` for the index and for each enabled endpoint of *registry*."""
    return [starlette_route(raw) for raw in ActuatorRoutes(registry, base_path).routes()]


make_actuator_routes = make_starlette_actuator_routes
"""Another name of :func:`make_starlette_actuator_routes`."""
