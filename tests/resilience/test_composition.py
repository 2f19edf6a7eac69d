"""Several policies on one function nest in one order, however they are written."""

import functools
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from pyfly.container.metadata import record_of
from pyfly.resilience import (
    CircuitBreaker,
    RateLimiter,
    Retry,
    UnboundPolicyError,
    bulkhead,
    circuit_breaker,
    fallback,
    rate_limiter,
    retry,
)
from pyfly.resilience.composition import in_order
from pyfly.resilience.events import NESTING
from pyfly.resilience.records import PolicySpec, ResilienceRecord
from pyfly.testing import TestClock


@pytest.mark.parametrize("written", list(permutations(range(3))), ids=str)
async def test_the_order_of_the_decorators_makes_no_difference(written: tuple[int, ...]) -> None:
    clock = TestClock()
    breaker = CircuitBreaker(2, clock=clock)
    decorators = [
        fallback(fallback_value="instead"),
        retry(Retry(5, delay=0, clock=clock, pause=clock.advance)),
        circuit_breaker(breaker),
    ]
    calls = 0

    def call() -> str:
        nonlocal calls
        calls += 1
        raise OSError

    for index in written:
        call = decorators[index](call)
    assert call() == "instead"
    # The retry is around the breaker: two failures open it, and the third attempt is refused for good.
    assert calls == 2


def test_specs_are_sorted_by_kind_and_keep_their_order_within_one() -> None:
    specs = [PolicySpec(kind=kind, name=name) for name in "ab" for kind in reversed(NESTING)]
    assert [(spec.kind, spec.name) for spec in in_order(specs)] == [
        (kind, name) for kind in NESTING for name in "ab"
    ]


def test_two_policies_of_one_kind_both_apply() -> None:
    total, own = RateLimiter(3, 0.0), RateLimiter(2, 0.0)

    @rate_limiter(total)
    @rate_limiter(own, key=lambda user: user)
    def call(user: str) -> None: ...

    call("ann")
    call("ann")
    with pytest.raises(Exception, match="Rate limit"):
        call("ann")
    assert total.available_tokens == 0


def test_a_decorator_of_somebody_else_in_between_is_kept() -> None:
    calls: list[str] = []

    def traced(function: Callable[[], int]) -> Callable[[], int]:
        @functools.wraps(function)
        def trace() -> int:
            calls.append("traced")
            return function()

        return trace

    @retry(max_attempts=3, delay=0)
    @traced
    @fallback(fallback_value=1, on=(KeyError,))
    def call() -> int:
        calls.append("called")
        raise OSError if calls.count("called") < 2 else KeyError

    assert call() == 1
    assert calls == ["traced", "called", "traced", "called"]


async def test_a_named_policy_cannot_be_found_without_an_application() -> None:
    @retry("pay")
    def one() -> None: ...

    @bulkhead("pay")
    async def two() -> None: ...

    with pytest.raises(UnboundPolicyError, match="one is guarded by the retry policy 'pay'"):
        one()
    with pytest.raises(UnboundPolicyError, match="two is guarded by the bulkhead policy 'pay'"):
        await two()


async def test_methods_of_ordinary_classes_are_guarded_too() -> None:
    class Calls:
        def __init__(self) -> None:
            self.count = 0

        @retry(delay=0)
        def one(self, value: int) -> int:
            return self._after_two(value)

        @retry(delay=0)
        async def two(self, value: int) -> int:
            return self._after_two(value)

        def _after_two(self, value: int) -> int:
            self.count += 1
            if self.count % 3:
                raise OSError
            return value

    calls = Calls()
    assert (calls.one(5), await calls.two(6)) == (5, 6)


def test_the_record_tells_what_was_written() -> None:
    def original() -> None: ...

    guarded: Any = retry("x")(fallback(fallback_value=1)(original))
    found = record_of(guarded, ResilienceRecord)
    assert found is not None
    assert (found.original, found.composed, found.is_method) == (original, guarded, False)
    assert [spec.kind.value for spec in found.specs] == ["fallback", "retry"]
