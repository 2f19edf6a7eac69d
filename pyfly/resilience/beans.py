"""A registry that knows the beans of an application."""

from __future__ import annotations

from collections.abc import Sequence

from pyfly.container.container import Container
from pyfly.kernel.clock import Clock
from pyfly.resilience.events import PolicyKind, ResilienceEvents
from pyfly.resilience.policies import TYPES
from pyfly.resilience.policy import Policy
from pyfly.resilience.ports.outbound import TokenStore
from pyfly.resilience.properties import ResilienceProperties
from pyfly.resilience.registry import PolicyRegistry


def registry(container: Container, properties: ResilienceProperties, clock: Clock | None) -> PolicyRegistry:
    """Return a registry that finds policies and listeners in *container* too."""

    def find_bean(kind: PolicyKind, name: str) -> Policy | None:
        fitting = {each.name: each for each in container.definitions_of(TYPES[kind])}
        found = fitting.get(name)
        policy = container.resolve_by_name(found.name) if found is not None else None
        return policy if isinstance(policy, Policy) else None

    def find_listeners() -> Sequence[ResilienceEvents]:
        return container.resolve_all(ResilienceEvents)  # type: ignore[type-abstract]  # a port

    def find_tokens() -> TokenStore:
        return container.resolve(TokenStore)  # type: ignore[type-abstract]  # a port

    return PolicyRegistry(
        properties,
        clock=clock,
        find_bean=find_bean,
        find_listeners=find_listeners,
        find_tokens=find_tokens,
    )
