"""``/actuator/resilience`` shows the policies, over HTTP."""

from contextlib import suppress

import httpx

from pyfly.resilience import CircuitBreaker
from pyfly.testing import PyFlyTest
from tests.resilience.shop.payments import Payments
from tests.resilience.test_resilience_application import POLICIES, Shop


async def test_calls_by_outcome_and_events_are_served_for_each_policy() -> None:
    settings = {**POLICIES, "pyfly.web.enabled": True, "pyfly.actuator.expose": "resilience"}
    async with PyFlyTest(Shop, properties=settings) as app:
        payments = app.get_bean(Payments)
        assert await payments.retried(2) == "paid"
        assert payments.limited("ann") == "ann"
        for _ in range(3):
            with suppress(Exception):
                payments.limited("ann")
            with suppress(Exception):
                await payments.guarded()
        with suppress(Exception):
            await payments.slow()
        transport = httpx.ASGITransport(app=app.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.get("/actuator/resilience")
    calls = {(each["kind"], each["name"]): each["calls"] for each in answer.json()["policies"]}
    assert calls["retry", "pay"] == {"succeeded": 1}
    assert calls["rate-limiter", "api"] == {"succeeded": 1, "rejected": 3}
    assert calls["circuit-breaker", "bank"] == {"succeeded": 0, "failed": 2, "rejected": 1}
    assert calls["time-limiter", "quick"] == {"succeeded": 0, "timed-out": 1}


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
        "calls": {"succeeded": 0},
    }
    assert CircuitBreaker(name="unused").snapshot().keys() <= policies["circuit-breaker", "bank"].keys()
