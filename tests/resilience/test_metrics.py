"""What is counted: every call once, by its outcome, and each number with the labels that tell it apart."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from pyfly.core.config import Config
from pyfly.resilience import (
    Bulkhead,
    CircuitBreaker,
    PolicyRegistry,
    ResilienceProperties,
    bulkhead,
    circuit_breaker,
    retry,
)


def bound(registry: PolicyRegistry, function: Callable[..., Any]) -> Callable[..., Any]:
    return registry.bind(bulkhead(Bulkhead(1000, name="wall"))(function))


async def test_calls_of_both_colours_are_counted_by_outcome() -> None:
    registry = PolicyRegistry()

    async def work(failure: BaseException | None) -> None:
        if failure is not None:
            raise failure

    def work_sync(failure: BaseException | None) -> None:
        if failure is not None:
            raise failure

    call, call_sync = bound(registry, work), bound(registry, work_sync)
    for failure in (None, ValueError(), asyncio.CancelledError()):
        with suppress(ValueError, asyncio.CancelledError):
            await call(failure)
        with suppress(ValueError, asyncio.CancelledError):
            call_sync(failure)
    first, second = registry.states()
    assert first["calls"] == second["calls"] == {"succeeded": 1, "failed": 1, "cancelled": 1}


def test_threads_lose_no_count() -> None:
    registry = PolicyRegistry()
    call = bound(registry, lambda: None)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [call() for _ in range(500)], range(8)))
    (state,) = registry.states()
    assert state["calls"] == {"succeeded": 4000}


def test_every_number_is_a_counter_or_a_level_with_its_labels() -> None:
    registry = PolicyRegistry()
    breaker = CircuitBreaker(1, name="bank")

    @retry(max_attempts=2, delay=0)
    def call() -> None:
        raise OSError

    registry.bind(bulkhead(Bulkhead(3, name="wall"))(lambda: None))()
    with pytest.raises(OSError):
        registry.bind(call)()
    registry.bind(circuit_breaker(breaker)(lambda: None))()
    breaker.trip()
    found = {
        (each.name, each.labels["policy"].rpartition(".")[2], *list(each.labels.values())[2:]): each.value
        for each in registry.measurements()
    }
    assert found["pyfly_resilience_calls_total", "wall", "succeeded"] == 1
    assert found["pyfly_resilience_available_slots", "wall"] == 3
    assert found["pyfly_resilience_calls_total", "call", "failed"] == 1
    assert found["pyfly_resilience_events_total", "call", "retried"] == 1
    states = [found["pyfly_resilience_state", "bank", each] for each in ("closed", "open", "half-open")]
    assert states == [0, 1, 0]
    assert {each.type for each in registry.measurements()} == {"counter", "gauge"}


def test_nothing_is_counted_where_that_is_switched_off() -> None:
    properties = Config({"pyfly": {"resilience": {"metrics": {"enabled": False}}}}).bind(ResilienceProperties)
    registry = PolicyRegistry(properties)
    bound(registry, lambda: None)()
    (state,) = registry.states()
    assert "calls" not in state
