"""The actuator of a booted application: what it finds, what it shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from pyfly.actuator import HealthIndicator, HealthStatus
from pyfly.container import rest_controller, service
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.security import SecurityContext
from pyfly.web import CallNext, Request, get_mapping
from tests.actuator.support import Endpoint


@service
class Disk(HealthIndicator):
    async def health(self) -> HealthStatus:
        return HealthStatus("UP", {"free": 10})


@service
class Annotated:
    async def health(self) -> HealthStatus:
        return HealthStatus("DOWN")


@service
class Custom(Endpoint):
    endpoint_id = "custom"
    enabled = True

    def __init__(self) -> None: ...


@rest_controller
class HealthController:
    @get_mapping("/health")
    async def health(self) -> HealthStatus:
        return HealthStatus("DOWN")


@pyfly_application(name="probe")
class Probe:
    pass


@asynccontextmanager
async def booted(
    path: Path, *arguments: str, beans: tuple[type, ...] = ()
) -> AsyncIterator[httpx.AsyncClient]:
    application = PyFlyApplication(Probe, path, args=["--pyfly.banner.mode=OFF", *arguments])
    for cls in (HealthController, *beans):
        application.context.container.register(cls)
    app: Any = application.asgi()
    async with (
        application,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://t") as client,
    ):
        yield client


async def test_a_controller_with_a_health_method_is_no_indicator(tmp_path: Path) -> None:
    async with booted(tmp_path) as client:
        assert (await client.get("/actuator/health")).status_code == 200


async def test_indicators_join_by_inheritance_or_by_what_their_method_returns(tmp_path: Path) -> None:
    async with booted(
        tmp_path, "--pyfly.actuator.health.show-details=always", beans=(Disk, Annotated)
    ) as client:
        answer = await client.get("/actuator/health")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "DOWN",
        "components": {
            "Disk": {"status": "UP", "details": {"free": 10}},
            "Annotated": {"status": "DOWN", "details": {}},
        },
    }


@pytest.mark.parametrize("arguments", [(), ("--pyfly.actuator.health.show-details=never",)])
async def test_details_are_hidden_by_default(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    async with booted(tmp_path, *arguments, beans=(Disk,)) as client:
        assert (await client.get("/actuator/health")).json() == {"status": "UP"}


@service
class Known:
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        if name := request.headers.get("x-user"):
            request.state.security_context = SecurityContext(name)
        return await call_next(request)

    def should_not_filter(self, request: Request) -> bool:
        return False


@pytest.mark.parametrize(
    ("arguments", "shows"), [((), True), (("--pyfly.actuator.health.show-details=never",), False)]
)
async def test_whoever_is_known_sees_details_unless_nobody_does(
    tmp_path: Path, arguments: tuple[str, ...], shows: bool
) -> None:
    async with booted(tmp_path, *arguments, beans=(Disk, Known)) as client:
        known = (await client.get("/actuator/health", headers={"x-user": "ann"})).json()
        unknown = (await client.get("/actuator/health")).json()
    assert ("components" in known, "components" in unknown) == (shows, False)


async def test_only_health_and_info_are_exposed_unless_more_is_asked_for(tmp_path: Path) -> None:
    async with booted(tmp_path, beans=(Custom,)) as client:
        assert (await client.get("/actuator/custom")).status_code == 404
    async with booted(tmp_path, "--pyfly.actuator.expose=*", beans=(Custom,)) as client:
        assert (await client.get("/actuator/custom")).json() == {"name": "custom"}


async def test_the_actuator_can_be_moved_and_switched_off(tmp_path: Path) -> None:
    async with booted(tmp_path, "--pyfly.actuator.base-path=/manage") as client:
        assert (await client.get("/manage/health")).status_code == 200
    async with booted(tmp_path, "--pyfly.actuator.enabled=false") as client:
        assert (await client.get("/actuator/health")).status_code == 404
    async with booted(tmp_path, "--pyfly.actuator.endpoints.info.enabled=false") as client:
        assert (await client.get("/actuator/info")).status_code == 404


async def test_a_data_source_is_an_indicator_named_db(tmp_path: Path) -> None:
    arguments = (f"--pyfly.data.url=sqlite:///{tmp_path}/x.db", "--pyfly.actuator.health.show-details=always")
    async with booted(tmp_path, *arguments) as client:
        answer = await client.get("/actuator/health/readiness")
    up = {"status": "UP", "details": {}}
    assert answer.json() == {"status": "UP", "components": {"db": up, "traffic": up}}
