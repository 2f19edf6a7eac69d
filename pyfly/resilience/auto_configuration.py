"""Puts policies around the decorated methods of beans."""

import sys
from collections.abc import Mapping
from typing import Any

from pyfly import resilience  # a lazy package: its names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    adapter,
    auto_configuration,
    conditional,
    conditional_on_class,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.core.config.config import Config
from pyfly.kernel.clock import Clock
from pyfly.resilience import ports
from pyfly.resilience.adapters import redis
from pyfly.resilience.checks import PolicyCheck


class OnResilience:
    """Holds when somebody has imported a decorator, a policy or the registry of policies."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Look at what has been imported."""
        if "pyfly.resilience.policy" in sys.modules:
            return Outcome(True, "policies are used")
        return Outcome(False, "nobody has imported a policy")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_resilience"}


class OnSharedStore:
    """Holds when a rate limiter or the locks are configured to be shared through Redis."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Look at each ``store``."""
        limiters = facts.property("pyfly.resilience.rate-limiter")
        sections = dict(limiters) if isinstance(limiters, Mapping) else {}
        for name, section in sections.items():
            if isinstance(section, Mapping) and section.get("store") == "redis":
                return Outcome(True, f"the rate limiter {name} is shared")
        if facts.property("pyfly.resilience.lock.store") == "redis":
            return Outcome(True, "locks are shared")
        return Outcome(
            False, "nothing has the store redis", "Set the store of a rate limiter or of locks to redis."
        )

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_shared_store"}


class OnLocks:
    """Holds when somebody has imported ``Locks``."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Look at what has been imported."""
        if "pyfly.resilience.locks" in sys.modules:
            return Outcome(True, "locks are used")
        return Outcome(False, "nobody has imported Locks")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_locks"}


@auto_configuration(checks=(PolicyCheck,))
@conditional(OnResilience())
class ResilienceAutoConfiguration:
    """The registry of the policies, and what makes the decorators work on beans."""

    @bean
    @conditional_on_missing_bean("pyfly.resilience.registry.PolicyRegistry")
    def policy_registry(
        self, container: Container, properties: "resilience.ResilienceProperties", clock: Clock | None
    ) -> "resilience.PolicyRegistry":
        """Find policies in the configuration, then among the beans."""
        from pyfly.resilience.beans import registry

        return registry(container, properties, clock)

    @bean
    def resilience_interceptor(
        self, registry: "resilience.PolicyRegistry"
    ) -> "resilience.ResilienceInterceptor":
        """Guard decorated methods."""
        return resilience.ResilienceInterceptor(registry)

    @bean
    def resilience_endpoint(self, registry: "resilience.PolicyRegistry") -> "resilience.ResilienceEndpoint":
        """Show the state of the policies."""
        return resilience.ResilienceEndpoint(registry)


@auto_configuration
@adapter("resilience", "redis")
@conditional_on_class("redis")
@conditional(OnSharedStore())
class SharedStoreAutoConfiguration:
    """The stores in Redis, for rate limiters and locks that are configured to use them."""

    @bean
    def resilience_redis(
        self, properties: "resilience.ResilienceProperties", config: Config, clock: Clock | None
    ) -> "redis.RedisConnection":
        """Connect to the server that ``pyfly.resilience.redis`` describes."""
        settings = properties.redis
        return redis.RedisConnection(
            settings.url,
            timeout=settings.timeout.total_seconds(),
            prefix=settings.prefix or str(config.get("pyfly.app.name")),
            optional=settings.optional,
            clock=clock,
        )

    @bean
    @conditional_on_missing_bean("pyfly.resilience.ports.outbound.TokenStore")
    def token_store(self, connection: "redis.RedisConnection") -> "ports.TokenStore":
        """Keep the buckets of shared rate limiters there."""
        return redis.RedisTokenStore(connection)

    @bean
    @conditional_on_property("pyfly.resilience.lock.store", having_value="redis")
    @conditional_on_missing_bean("pyfly.resilience.ports.outbound.LockStore")
    def lock_store(self, connection: "redis.RedisConnection") -> "ports.LockStore":
        """Keep locks there."""
        return redis.RedisLockStore(connection)


@auto_configuration(after=(SharedStoreAutoConfiguration,))
@conditional(OnLocks())
class LocksAutoConfiguration:
    """Locks, for whoever injects them."""

    @bean
    @conditional_on_missing_bean("pyfly.resilience.locks.Locks")
    def locks(
        self,
        properties: "resilience.ResilienceProperties",
        store: "ports.LockStore | None",
        clock: Clock | None,
    ) -> "resilience.Locks":
        """Offer locks, kept by the store that there is, else in memory."""
        from pyfly.resilience.adapters.memory import MemoryLockStore

        settings = properties.lock
        kept_by = store if store is not None else MemoryLockStore(clock)
        return resilience.Locks(kept_by, ttl=settings.ttl, max_wait=settings.max_wait, clock=clock)
