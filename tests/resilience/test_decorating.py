"""What decorators take, and what they refuse where it is written."""

from collections.abc import Callable
from typing import Any

import pytest

from pyfly.resilience import Bulkhead, Retry, bulkhead, circuit_breaker, rate_limiter, retry, time_limiter

any_retry: Any = retry
any_breaker: Any = circuit_breaker


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: retry("pay", max_attempts=2), "takes a policy or settings, not both: max_attempts"),
        (lambda: any_retry(Bulkhead()), "takes a policy of its own kind"),
        (lambda: any_retry(attempts=2), "attempts"),
        (lambda: any_breaker(3), "takes the name of a policy or a policy"),
        (lambda: bulkhead(size=3), "size"),
        (time_limiter, "timeout"),
        (lambda: retry(Retry), "goes on functions and methods"),
        (lambda: rate_limiter(max_tokens=5)(int), "goes on functions and methods"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(wrong: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        wrong()


def test_settings_out_of_range_are_refused_where_the_function_is_defined() -> None:
    with pytest.raises(ValueError, match="max_attempts"):

        @retry(max_attempts=0)
        def call() -> None:
            """Never defined."""


def test_static_and_class_methods_can_be_decorated_from_either_side() -> None:
    class Calls:
        @retry(delay=0)
        @staticmethod
        def one(value: int) -> int:
            return value

        @classmethod
        @retry(delay=0)
        def two(cls, value: int) -> tuple[str, int]:
            return cls.__name__, value

    assert (Calls.one(1), Calls().one(1), Calls.two(2)) == (1, 1, ("Calls", 2))


def test_each_function_has_a_policy_of_its_own_unless_one_is_given() -> None:
    shared = bulkhead(max_concurrent=1)
    entered: list[str] = []

    @shared
    def inner() -> None:
        entered.append("inner")

    @shared
    def outer() -> None:
        entered.append("outer")
        inner()

    outer()
    assert entered == ["outer", "inner"]
