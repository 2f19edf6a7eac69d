"""How a decorator takes its policy: an object, the name of one, or settings for one of its own.

However the decorators are written, they nest in one order: fallback, retry, circuit breaker, rate
limiter, time limiter, bulkhead, the first being outermost.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, Protocol, TypeVar

from pyfly.kernel.clock import Clock
from pyfly.resilience.composition import decorated
from pyfly.resilience.policy import Policy
from pyfly.resilience.records import Adapt, PolicySpec, unchanged

F = TypeVar("F", bound=Callable[..., Any])


class Decorator(Protocol):
    """Guards a function and keeps its type."""

    def __call__(self, function: F, /) -> F:
        """Return *function*, guarded."""


def decorator(cls: type[Policy], policy: Any, settings: dict[str, Any], *, adapt: Adapt = unchanged) -> Any:
    """Return the decorator for policies of *cls*.

    Args:
        cls: The class of the policies.
        policy: A policy, the name of one, the decorated function itself, or ``None``.
        settings: What to make a policy of for each function instead.
        adapt: Fits the policy to the function.

    Raises:
        TypeError: A policy and settings are given, or settings that *cls* does not take.
    """
    if policy is not None and settings:
        raise TypeError(f"@{cls.kind.value} takes a policy or settings, not both: {', '.join(settings)}")
    if isinstance(policy, str):
        return _applied(PolicySpec(kind=cls.kind, name=policy, adapt=adapt))
    if isinstance(policy, Policy):
        if policy.kind is not cls.kind:
            raise TypeError(f"@{cls.kind.value} takes a policy of its own kind, not {policy!r}")
        return _applied(PolicySpec(kind=cls.kind, instance=policy, adapt=adapt))
    signature(cls).bind(**settings)  # wrong settings fail where they are written, with a plain TypeError

    def build(name: str, clock: Clock | None) -> Policy:
        return cls(**settings, name=name, clock=clock)

    apply = _applied(PolicySpec(kind=cls.kind, build=build, adapt=adapt))
    if policy is None:
        return apply
    if not callable(policy):
        raise TypeError(f"@{cls.kind.value} takes the name of a policy or a policy, not {policy!r}")
    return apply(policy)


def _applied(spec: PolicySpec) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        return decorated(function, spec)  # type: ignore[return-value]  # the signature is kept

    return decorate
