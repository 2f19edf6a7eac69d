import pytest

from pyfly.actuator import HealthAggregator, HealthIndicator, HealthStatus
from pyfly.actuator.endpoints import HealthEndpoint, InfoEndpoint
from pyfly.core.config import Config
from tests.actuator.support import client_of


class Switch(HealthIndicator):
    groups = ("readiness",)
    status = "UP"

    async def health(self) -> HealthStatus:
        return HealthStatus(self.status, {"n": 1})


@pytest.mark.parametrize(
    ("status", "code"),
    [("UP", 200), ("DEGRADED", 200), ("UNKNOWN", 200), ("OUT_OF_SERVICE", 503), ("DOWN", 503)],
)
async def test_health_is_503_when_the_application_cannot_serve(status: str, code: int) -> None:
    aggregator, switch = HealthAggregator(), Switch()
    switch.status = status
    aggregator.add_indicator("switch", switch)
    endpoint = HealthEndpoint(aggregator)
    async with client_of(endpoint) as client:
        answer = await client.get("/actuator/health")
        ready, alive = (
            await client.get("/actuator/health/readiness"),
            await client.get("/actuator/health/liveness"),
        )
    assert answer.status_code == ready.status_code == await endpoint.get_status_code() == code
    assert answer.json()["components"] == {"switch": {"status": status, "details": {"n": 1}}}
    assert (alive.status_code, alive.json()) == (200, {"status": "UP"})
    assert answer.headers["cache-control"] == "no-store"


async def test_body_and_status_come_from_one_check() -> None:
    asked: list[int] = []

    class Counting(HealthIndicator):
        async def health(self) -> HealthStatus:
            asked.append(1)
            return HealthStatus("UP")

    aggregator = HealthAggregator()
    aggregator.add_indicator("x", Counting())
    async with client_of(HealthEndpoint(aggregator)) as client:
        await client.get("/actuator/health")
    assert len(asked) == 1


async def test_info_says_what_the_configuration_says() -> None:
    config = Config({"pyfly": {"app": {"name": "shop", "version": "3"}}})
    async with client_of(InfoEndpoint(config)) as client:
        assert (await client.get("/actuator/info")).json()["app"]["name"] == "shop"
