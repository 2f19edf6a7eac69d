"""``/actuator/resilience``: the state of the policies."""

from typing import Any

from pyfly.resilience.registry import PolicyRegistry


class ResilienceEndpoint:
    """Reports the state of every policy in use. Where there is an actuator, it joins it by its members."""

    endpoint_id = "resilience"
    enabled = True

    def __init__(self, registry: PolicyRegistry) -> None:
        """Report the policies of *registry*."""
        self._registry = registry

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return the policies, by kind and name: their state, their events and their calls by outcome."""
        return {"policies": [dict(state) for state in self._registry.states()]}
