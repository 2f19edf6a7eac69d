"""``/actuator/resilience`` shows the policies, over HTTP."""

import httpx

from pyfly.resilience import CircuitBreaker
from pyfly.testing import PyFlyTest
from tests.resilience.test_resilience_application import POLICIES, Shop


async def test_the_state_of_the_policies_is_served_where_it_is_exposed() -> None:
    settings = {**POLICIES, "pyfly.web.enabled": True, "pyfly.actuator.expose": "resilience"}
    async with PyFlyTest(Shop, properties=settings) as app:
        transport = httpx.ASGITransport(app=app.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.get("/actuator/resilience")
    assert answer.status_code == 200
    policies = {(each["kind"], each["name"]): each for each in answer.json()["policies"]}
    assert policies["circuit-breaker", "bank"]["state"] == "closed"
    assert policies["time-limiter", "quick"] == {
        "kind": "time-limiter",
        "name": "quick",
        "events": {},
        "timeout": 0.2,
        "runaways": 0,
    }
    assert CircuitBreaker(name="unused").snapshot().keys() <= policies["circuit-breaker", "bank"].keys()
