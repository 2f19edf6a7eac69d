"""Puts policies around the decorated methods of beans."""

import sys
from typing import Any

from pyfly import resilience  # a lazy package: its names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    auto_configuration,
    conditional,
    conditional_on_missing_bean,
)
from pyfly.kernel.clock import Clock
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
