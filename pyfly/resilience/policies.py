"""Policies made of their configuration."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from importlib import import_module
from typing import Any, Final

from pyfly.kernel.clock import Clock
from pyfly.resilience.bulkhead import Bulkhead
from pyfly.resilience.circuit_breaker import CircuitBreaker
from pyfly.resilience.events import PolicyKind
from pyfly.resilience.fallback import Fallback
from pyfly.resilience.limiter import Limiter
from pyfly.resilience.policy import Policy
from pyfly.resilience.ports.outbound import TokenStore
from pyfly.resilience.properties import ResilienceProperties
from pyfly.resilience.rate_limiter import RateLimiter
from pyfly.resilience.retry import Retry
from pyfly.resilience.time_limiter import TimeLimiter

TYPES: Final[Mapping[PolicyKind, type[Policy]]] = {
    PolicyKind.FALLBACK: Fallback,
    PolicyKind.RETRY: Retry,
    PolicyKind.CIRCUIT_BREAKER: CircuitBreaker,
    PolicyKind.RATE_LIMITER: Limiter,  # type: ignore[type-abstract]  # looked up by, never made
    PolicyKind.TIME_LIMITER: TimeLimiter,
    PolicyKind.BULKHEAD: Bulkhead,
}
_EXCEPTIONS: Final = frozenset({"retry_on", "failure_on", "ignore"})


def section(properties: ResilienceProperties, kind: PolicyKind) -> Mapping[str, Any]:
    """Return the settings of the policies of *kind*, by name. Fallbacks have none."""
    found: Mapping[str, Any] = getattr(properties, kind.value.replace("-", "_"), {})
    return found


def no_store() -> TokenStore:
    """Refuse, as there is no store to share limits in.

    Raises:
        ValueError: Always.
    """
    raise ValueError("there is no store to share it in")


def configured(
    kind: PolicyKind,
    name: str,
    settings: Any,
    clock: Clock | None = None,
    tokens: Callable[[], TokenStore] = no_store,
) -> Policy:
    """Return the policy *name* of *kind* with *settings*; where they say so, it is shared through *tokens*.

    Raises:
        ValueError: They make no sense, or name an exception that does not exist.
    """
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    arguments = {
        key: exception_types(value) if key in _EXCEPTIONS else value
        for key, value in values.items()
        if value is not None and value != ""
    }
    if kind is PolicyKind.RATE_LIMITER:
        return _rate_limiter(arguments, name, clock, tokens)
    return TYPES[kind](**arguments, name=name, clock=clock)


def _rate_limiter(
    arguments: dict[str, Any], name: str, clock: Clock | None, tokens: Callable[[], TokenStore]
) -> Limiter:
    when_unavailable = arguments.pop("when_unavailable")
    if arguments.pop("store") == "memory":
        return RateLimiter(**arguments, name=name, clock=clock)
    from pyfly.resilience.shared_rate_limiter import SharedRateLimiter

    del arguments["max_keys"]  # the store forgets buckets that are full
    return SharedRateLimiter(tokens(), **arguments, when_unavailable=when_unavailable, name=name, clock=clock)


def exception_types(names: Iterable[str]) -> tuple[type[BaseException], ...]:
    """Return the exceptions called *names*: those of Python, or ``package.Class``.

    Raises:
        ValueError: One does not exist, or is no exception.
    """
    return tuple(_exception(name) for name in names)


def _exception(name: str) -> type[BaseException]:
    module, _, attribute = name.rpartition(".")
    try:
        found = getattr(import_module(module) if module else builtins, attribute)
    except (ImportError, AttributeError, RecursionError):
        raise ValueError(f"there is no exception {name}") from None
    if isinstance(found, type) and issubclass(found, BaseException):
        return found
    raise ValueError(f"{name} is no exception")
