"""An endpoint without a base class, and applications that serve a few endpoints."""

from typing import Any

import httpx
from starlette.applications import Starlette

from pyfly.actuator import ActuatorRegistry
from pyfly.actuator.adapters.starlette import make_starlette_actuator_routes


class Endpoint:
    """An endpoint that joins by its members, without inheriting anything."""

    def __init__(self, name: str = "custom", *, enabled: bool = True) -> None:
        self.endpoint_id = name
        self.enabled = enabled

    async def handle(self, context: Any = None) -> dict[str, Any]:
        return {"name": self.endpoint_id}


def client_of(*endpoints: Any) -> httpx.AsyncClient:
    """Return a client of an application that serves *endpoints*."""
    registry = ActuatorRegistry()
    for endpoint in endpoints:
        registry.register(endpoint)
    app = Starlette(routes=make_starlette_actuator_routes(registry))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
