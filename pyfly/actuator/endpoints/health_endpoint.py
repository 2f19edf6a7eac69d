"""``/actuator/health``, with the groups that orchestrators probe."""

from typing import Any, Final

from pyfly.actuator.health import HealthAggregator, HealthResult

GROUPS: Final = ("liveness", "readiness")
_UNAVAILABLE: Final = frozenset({"DOWN", "OUT_OF_SERVICE"})


class HealthEndpoint:
    """Reports the health of the application, or of one group of indicators.

    Liveness asks only indicators that say they belong to it: a broken database is no reason to restart.
    """

    endpoint_id = "health"
    enabled = True

    def __init__(
        self, aggregator: HealthAggregator, *, show_details: bool = True, when_authorized: bool = False
    ) -> None:
        """Report what *aggregator* finds: with details to everybody, or only to whoever is authenticated."""
        self._aggregator = aggregator
        self._show_details = show_details
        self._when_authorized = when_authorized

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return the overall health."""
        return (await self.report())[1]

    async def get_status_code(self) -> int:
        """Return 503 when the application cannot serve, else 200."""
        return (await self.report())[0]

    async def report(self, group: str = "", *, is_authorized: bool = False) -> tuple[int, dict[str, Any]]:
        """Return the status code and the body, from one and the same check."""
        result = await self._aggregator.check(group=group)
        details = self._show_details or (self._when_authorized and is_authorized)
        return status_code_of(result), result.to_dict(details=details)


def status_code_of(result: HealthResult) -> int:
    """Return 503 when *result* means that the application cannot serve, else 200."""
    return 503 if result.status in _UNAVAILABLE else 200
