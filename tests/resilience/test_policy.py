"""What all policies share: both colours, one state, kept signatures."""

import inspect
from collections.abc import AsyncIterator, Iterator

import pytest

from pyfly.resilience import Bulkhead, CircuitBreaker, Fallback, Policy, RateLimiter, Retry, TimeLimiter

ALL = [
    Fallback(fallback_value=0),
    Retry(),
    CircuitBreaker(),
    RateLimiter(1000),
    TimeLimiter("5s"),
    Bulkhead(),
]


class Callable:
    """An object that is called like an async function."""

    async def __call__(self, value: int) -> int:
        return value


def plain(value: int, *, twice: bool = False) -> int:
    """Docs."""
    return value * 2 if twice else value


async def awaited(value: int, *, twice: bool = False) -> int:
    """Docs."""
    return plain(value, twice=twice)


def generator() -> Iterator[int]:
    yield 1


async def async_generator() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize("policy", ALL, ids=lambda policy: policy.kind.value)
async def test_a_guarded_function_has_the_colour_signature_and_name_of_the_original(policy: Policy) -> None:
    one, two = policy.wrap(plain), policy.wrap(awaited)
    assert (one(2, twice=True), await two(2, twice=True)) == (4, 4)
    assert not inspect.iscoroutinefunction(one)
    assert inspect.iscoroutinefunction(two)
    for guarded, original in ((one, plain), (two, awaited)):
        assert inspect.signature(guarded) == inspect.signature(original)
        assert (guarded.__name__, guarded.__doc__) == (original.__name__, "Docs.")
        assert inspect.unwrap(guarded) is original


@pytest.mark.parametrize("policy", ALL, ids=lambda policy: policy.kind.value)
async def test_functions_can_be_called_under_a_policy_without_a_decorator(policy: Policy) -> None:
    assert await policy.call(awaited, 1, twice=True) == 2
    assert await policy.call(plain, 1) == 1
    assert await policy.call(Callable(), 5) == 5
    assert policy.call_sync(plain, 3) == 3


async def test_an_object_with_an_async_call_counts_as_async() -> None:
    assert await Retry().wrap(Callable())(7) == 7


@pytest.mark.parametrize("function", [generator, async_generator])
def test_a_generator_is_refused_because_its_work_would_not_be_guarded(function: object) -> None:
    with pytest.raises(TypeError, match="is a generator"):
        Retry().wrap(function)  # type: ignore[type-var]  # any callable


def test_a_policy_shows_its_kind_and_name() -> None:
    assert repr(Retry(name="pay")) == "<Retry pay>"
    assert repr(Bulkhead()) == "<Bulkhead>"
    assert Bulkhead(name="x").snapshot() == {
        "kind": "bulkhead",
        "name": "x",
        "events": {},
        "available_slots": 10,
        "max_concurrent": 10,
        "waiting": 0,
    }
