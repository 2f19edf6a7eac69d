"""The registry: policies by name, made once, with their state."""

import gc
from typing import Any

import pytest

from pyfly.core.config import Config
from pyfly.resilience import (
    Bulkhead,
    CircuitBreaker,
    PolicyKind,
    PolicyRegistry,
    ResilienceEvent,
    ResilienceProperties,
    Retry,
    UnknownPolicyError,
    retry,
)
from pyfly.testing import TestClock


def properties(**sections: Any) -> ResilienceProperties:
    return Config({"pyfly": {"resilience": sections}}).bind(ResilienceProperties)


def test_a_policy_is_made_once_with_the_clock_of_the_application() -> None:
    clock = TestClock()
    registry = PolicyRegistry(
        properties(**{"circuit-breaker": {"pay": {"failure-threshold": 1}}}), clock=clock
    )
    breaker = registry.circuit_breaker("pay")
    assert registry.circuit_breaker("pay") is breaker
    assert breaker.clock is clock


def test_every_kind_has_its_accessor() -> None:
    kinds = ("retry", "circuit-breaker", "rate-limiter", "time-limiter", "bulkhead")
    registry = PolicyRegistry(
        properties(**{kind: {"x": {"jitter": 0} if kind == "retry" else {}} for kind in kinds})
    )
    found = (
        registry.retry("x"),
        registry.circuit_breaker("x"),
        registry.rate_limiter("x"),
        registry.time_limiter("x"),
        registry.bulkhead("x"),
    )
    assert tuple(policy.kind.value for policy in found) == kinds
    assert [state["kind"] for state in registry.states()] == sorted(kinds)


def test_an_unknown_name_is_an_error_with_the_nearest_known_one() -> None:
    registry = PolicyRegistry(properties(retry={"payments": {"max-attempts": 1}}))
    with pytest.raises(UnknownPolicyError) as unknown:
        registry.retry("payment")
    assert str(unknown.value) == "There is no retry policy 'payment'; did you mean 'payments'?"
    assert isinstance(unknown.value, KeyError)


def test_what_is_not_configured_is_asked_for_elsewhere() -> None:
    mine = Bulkhead(name="mine")
    registry = PolicyRegistry(find_bean=lambda kind, name: mine if name == "mine" else None)
    assert registry.bulkhead("mine") is mine
    with pytest.raises(UnknownPolicyError):
        registry.get(PolicyKind.BULKHEAD, "yours")


def test_a_bean_of_the_wrong_class_is_an_error() -> None:
    registry = PolicyRegistry(find_bean=lambda kind, name: CircuitBreaker())
    with pytest.raises(TypeError, match="is no Bulkhead"):
        registry.bulkhead("x")


def test_plain_functions_can_be_bound_to_the_policies_of_an_application() -> None:
    registry = PolicyRegistry(properties(retry={"pay": {"max-attempts": 2, "delay": 0}}))
    calls: list[int] = []

    @retry("pay")
    def call(value: int) -> int:
        calls.append(value)
        if len(calls) < 2:
            raise OSError
        return value

    assert registry.bind(call)(5) == 5
    assert registry.retry("pay").snapshot()["events"] == {"retried": 1, "recovered": 1}
    assert registry.bind(len) is len


def test_functions_of_one_name_are_told_apart() -> None:
    registry = PolicyRegistry()

    def make() -> Any:
        @retry
        def call() -> None: ...

        return call

    registry.bind(make())
    registry.bind(make())
    names = [policy.name for policy in registry.policies()]
    assert names == [f"{make.__qualname__}.<locals>.call", f"{make.__qualname__}.<locals>.call#2"]


def test_a_policy_that_outlives_an_application_tells_its_listeners_no_more() -> None:
    class Heard:
        def __init__(self) -> None:
            self.events: list[ResilienceEvent] = []

        def on_event(self, event: ResilienceEvent) -> None:
            self.events.append(event)

    heard, policy = Heard(), Retry(1)
    registry = PolicyRegistry(find_listeners=lambda: [heard])
    guarded = registry.bind(retry(policy)(_failing))
    registry.bind(retry(policy)(_failing))
    with pytest.raises(ZeroDivisionError):
        guarded()
    del registry
    gc.collect()
    with pytest.raises(ZeroDivisionError):
        guarded()
    assert [event.type.value for event in heard.events] == ["exhausted"]


def _failing() -> float:
    return 1 / 0
