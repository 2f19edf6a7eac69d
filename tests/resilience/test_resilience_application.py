"""Policies as an application sees them: decorated, scanned, configured, started, used."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pyfly.container import BeanGraphError
from pyfly.core import pyfly_application
from pyfly.kernel.exceptions import (
    BulkheadException,
    CircuitBreakerException,
    OperationTimeoutException,
    RateLimitException,
)
from pyfly.resilience import CircuitState, PolicyRegistry
from pyfly.testing import PyFlyTest
from tests.resilience.shop.payments import Journal, Payments

POLICIES = {
    "pyfly.resilience.retry.pay.max-attempts": 3,
    "pyfly.resilience.retry.pay.delay": "1ms",
    "pyfly.resilience.circuit-breaker.bank.failure-threshold": 2,
    "pyfly.resilience.rate-limiter.api.max-tokens": 1,
    "pyfly.resilience.rate-limiter.api.refill-rate": 0,
    "pyfly.resilience.time-limiter.quick.timeout": "200ms",
}


@pyfly_application(name="shop", scan_packages=["tests.resilience.shop"])
class Shop:
    """The application of these tests."""


@pyfly_application(name="misspelt", scan_packages=["tests.resilience.misspelt"])
class MisspeltShop:
    """An application whose policies are misspelt."""


@pytest.fixture
async def app() -> AsyncIterator[PyFlyTest]:
    async with PyFlyTest(Shop, properties=POLICIES) as app:
        yield app


@pytest.fixture
def payments(app: PyFlyTest) -> Payments:
    return app.get_bean(Payments)


async def test_a_method_is_retried_as_configured(app: PyFlyTest, payments: Payments) -> None:
    assert await payments.retried(2) == "paid"
    assert payments.calls == 3
    assert app.get_bean(Journal).types() == ["pay retried", "pay retried", "pay recovered"]


def test_settings_of_the_decorator_work_once_not_twice(payments: Payments) -> None:
    with pytest.raises(OSError):
        payments.retried_inline(99)
    assert payments.calls == 2


def test_calls_through_self_are_guarded_too(payments: Payments) -> None:
    assert payments.calls_itself(1) == "paid"


async def test_a_circuit_breaker_is_shared_by_all_methods_that_name_it(
    app: PyFlyTest, payments: Payments
) -> None:
    for _ in range(2):
        with pytest.raises(OSError):
            await payments.guarded()
    with pytest.raises(CircuitBreakerException):
        await payments.guarded()
    assert await payments.answered("tea") == "tea: CircuitBreakerException"
    assert app.get_bean(PolicyRegistry).circuit_breaker("bank").state is CircuitState.OPEN


def test_a_rate_limiter_counts_by_key_on_methods_of_every_kind(payments: Payments) -> None:
    assert payments.limited("ann") == "ann"
    assert payments.static("bob") == "bob"
    assert payments.of_class("ann") == "ann"
    for call in (payments.limited, payments.static, payments.of_class):
        with pytest.raises(RateLimitException):
            call("ann")
    with pytest.raises(RateLimitException):
        payments.limited("bob")


async def test_a_policy_may_be_a_bean(payments: Payments) -> None:
    results = await asyncio.gather(*(payments.one_at_a_time() for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(result, BulkheadException) for result in results) == 2


async def test_a_late_call_is_cut_off(payments: Payments) -> None:
    with pytest.raises(OperationTimeoutException, match="slow"):
        await payments.slow()
    assert 0 < payments.left() <= 0.2


async def test_the_state_of_every_policy_in_use_can_be_read(app: PyFlyTest, payments: Payments) -> None:
    payments.limited("ann")
    states = {(state["kind"], state["name"]): state for state in app.get_bean(PolicyRegistry).states()}
    assert states["rate-limiter", "api"]["keys"] == 1
    assert states["circuit-breaker", "bank"]["state"] == "closed"
    assert states["bulkhead", "till"]["available_slots"] == 1
    assert ("retry", "Payments.retried_inline") in states


async def test_two_applications_share_no_state() -> None:
    for _ in range(2):
        async with PyFlyTest(Shop, properties=POLICIES) as app:
            assert app.get_bean(Payments).limited("ann") == "ann"


async def test_misspelt_names_fail_the_start_with_the_nearest_known_one() -> None:
    app = PyFlyTest(MisspeltShop, properties={"pyfly.resilience.retry.payments.max-attempts": 2})
    with pytest.raises(BeanGraphError) as failure:
        await app.startup()
    first, second = (problem.diagnosis for problem in failure.value.problems)
    assert "Payments.pay (" in first.what
    assert "asks for the retry policy 'paymets', and there is none." in first.what
    assert first.why == ("There are: payments.",)
    assert first.fix[0] == "Did you mean 'payments'?"
    assert "Payments.ask (" in second.what
    assert second.why == ("No circuit-breaker policy is configured.",)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("retry.pay.retry-on", "NoSuchError", "there is no exception NoSuchError"),
        ("circuit-breaker.bank.window", "soon", "a duration such as"),
        ("retry.pay.max-attempts", 0, "at least 1"),
        ("bulkhead.x.max-wait", "soon", "a duration such as"),
    ],
)
async def test_a_policy_that_makes_no_sense_fails_the_start(key: str, value: object, message: str) -> None:
    app = PyFlyTest(Shop, properties={**POLICIES, f"pyfly.resilience.{key}": value})
    with pytest.raises(BeanGraphError) as failure:
        await app.startup()
    (diagnosis,) = (problem.diagnosis for problem in failure.value.problems)
    assert message in " ".join((diagnosis.what, *diagnosis.why))
