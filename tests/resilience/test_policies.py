"""Policies are made of their configuration, and every key has its effect."""

from datetime import timedelta
from typing import Any

import pytest

from pyfly.core.config import Config
from pyfly.kernel.exceptions import ConflictException
from pyfly.resilience import CircuitBreaker, CircuitState, PolicyKind, ResilienceProperties
from pyfly.resilience.policies import configured, exception_types, section
from pyfly.testing import TestClock


def properties(**sections: Any) -> ResilienceProperties:
    return Config({"pyfly": {"resilience": sections}}).bind(ResilienceProperties)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (PolicyKind.RETRY, {"max-attempts": 2, "delay": "1s", "retry-on": "OSError", "ignore": ["KeyError"]}),
        (PolicyKind.CIRCUIT_BREAKER, {"failure-threshold": 2, "window": "60s", "slow-call-duration": "1s"}),
        (PolicyKind.RATE_LIMITER, {"max-tokens": 5, "refill-rate": 2.5, "max-wait": "1s"}),
        (PolicyKind.TIME_LIMITER, {"timeout": "2s"}),
        (PolicyKind.BULKHEAD, {"max-concurrent": 3, "max-queue": 5}),
    ],
    ids=lambda value: value.value if isinstance(value, PolicyKind) else "",
)
def test_a_policy_of_each_kind_can_be_configured(kind: PolicyKind, settings: dict[str, Any]) -> None:
    found = section(properties(**{kind.value: {"pay": settings}}), kind)
    policy = configured(kind, "pay", found["pay"])
    assert (policy.kind, policy.name) == (kind, "pay")


def test_what_is_configured_is_what_happens() -> None:
    settings = {"window": "4", "failure-rate": 0.5, "recovery-timeout": "7s", "failure-on": "OSError"}
    found = section(properties(**{"circuit-breaker": {"pay": settings}}), PolicyKind.CIRCUIT_BREAKER)
    clock = TestClock()
    breaker = configured(PolicyKind.CIRCUIT_BREAKER, "pay", found["pay"], clock)
    assert isinstance(breaker, CircuitBreaker)
    for error in (ValueError, ValueError, OSError, OSError):
        with pytest.raises(error):
            breaker.call_sync(_raising(error))
    opened = breaker.state
    clock.advance(timedelta(seconds=7))
    assert (opened, breaker.state) == (CircuitState.OPEN, CircuitState.HALF_OPEN)


def test_exceptions_are_named_as_in_python_or_with_their_package() -> None:
    name = "pyfly.kernel.exceptions.ConflictException"
    assert exception_types(["KeyError", name]) == (KeyError, ConflictException)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("KeyErorr", "there is no exception"),
        ("no.such.Thing", "there is no exception"),
        ("int", "is no exception"),
    ],
)
def test_a_name_that_is_no_exception_is_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        exception_types([name])


def test_fallbacks_are_not_configured() -> None:
    assert section(properties(), PolicyKind.FALLBACK) == {}


def _raising(error: type[Exception]) -> Any:
    def call() -> None:
        raise error

    return call
