from datetime import timedelta
from typing import Any

import httpx

from pyfly.actuator import HealthAggregator
from pyfly.actuator.application import ApplicationActuator
from pyfly.actuator.properties import ActuatorProperties, HealthProperties
from pyfly.container import Container
from pyfly.core.config import Config
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.assembly import Options, assemble
from pyfly.web.properties import WebProperties
from tests.actuator.support import Endpoint


class Late(Endpoint):
    endpoint_id = "late"
    enabled = True

    def __init__(self) -> None: ...


def container_of(**settings: Any) -> Container:
    """Return a container whose only route source is the actuator with *settings*."""
    container = Container()
    properties = ActuatorProperties(health=HealthProperties(timeout=timedelta(seconds=1)), **settings)
    actuator = ApplicationActuator(container, Config({}), properties, HealthAggregator())
    container.register_instance(actuator)
    return container


async def statuses(container: Container, *paths: str) -> list[int]:
    dispatch = assemble(container, WebProperties(base_path="/shop"), Options(technology=STARLETTE)).dispatch
    transport = httpx.ASGITransport(app=dispatch)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return [(await client.get(path)).status_code for path in paths]


async def test_the_endpoints_are_served_below_both_base_paths() -> None:
    container = container_of(base_path="/manage")
    paths = ("/shop/manage/health", "/shop/manage/info", "/manage/health", "/shop/actuator/health")
    assert await statuses(container, *paths) == [200, 200, 404, 404]


async def test_only_what_is_exposed_is_served() -> None:
    container = container_of(expose=["info"])
    assert await statuses(container, "/shop/actuator/info", "/shop/actuator/health") == [200, 404]


async def test_endpoints_are_looked_for_when_the_application_is_ready() -> None:
    container = container_of(expose=["*"])
    container.register(Late)
    assert await statuses(container, "/shop/actuator/late") == [200]
