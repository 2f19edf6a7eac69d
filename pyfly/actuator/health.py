"""Health: what indicators report, and how their reports become one."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Protocol, runtime_checkable

_log = logging.getLogger("pyfly.actuator")

_SEVERITY: Final = ("DOWN", "OUT_OF_SERVICE", "DEGRADED", "UNKNOWN", "UP")
_DEFAULT_TIMEOUT: Final = timedelta(seconds=5)
_NEUTRAL: Final = frozenset({"UNKNOWN", "UP"})


@dataclass
class HealthStatus:
    """What one indicator reports: ``UP``, ``UNKNOWN``, ``DEGRADED``, ``OUT_OF_SERVICE`` or ``DOWN``."""

    status: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class HealthResult:
    """The overall status and the reports that it comes from."""

    status: str
    components: dict[str, HealthStatus] = field(default_factory=dict)

    def to_dict(self, *, details: bool = True) -> dict[str, Any]:
        """Return the result for JSON; without *details* only the overall status."""
        if not self.components or not details:
            return {"status": self.status}
        return {
            "status": self.status,
            "components": {
                name: {"status": item.status, "details": item.details}
                for name, item in self.components.items()
            },
        }


@runtime_checkable
class HealthIndicator(Protocol):
    """Port: knows whether one thing that the application depends on works.

    Beans take part by inheriting this class; the component is called as the bean is. An attribute
    ``groups`` names the health groups (``liveness``, ``readiness``) that include it besides the overall one, which
    leaves out those with an attribute ``is_overall = False``.
    """

    async def health(self) -> HealthStatus:
        """Return the current status. Raising counts as ``DOWN``, and so does taking too long."""


class HealthAggregator:
    """Asks all indicators at the same time and sums up: the most severe status counts."""

    def __init__(self, timeout: timedelta = _DEFAULT_TIMEOUT) -> None:
        """Give each indicator *timeout* to answer."""
        self._timeout = timeout.total_seconds()
        self._indicators: dict[str, HealthIndicator] = {}

    @property
    def indicators(self) -> Mapping[str, HealthIndicator]:
        """The indicators by name."""
        return self._indicators

    def add_indicator(self, name: str, indicator: HealthIndicator) -> None:
        """Ask *indicator* too, and report it as *name*."""
        self._indicators[name] = indicator

    async def check(self, *, group: str = "") -> HealthResult:
        """Return the health of all indicators, or of those in *group*; ``UP`` when there are none."""
        asked = {
            name: item
            for name, item in self._indicators.items()
            if (group in groups_of(item) if group else getattr(item, "is_overall", True))
        }
        reports = await asyncio.gather(*(self._ask(name, item) for name, item in asked.items()))
        components = dict(zip(asked, reports, strict=True))
        return HealthResult(_overall(reports), components)

    async def _ask(self, name: str, indicator: HealthIndicator) -> HealthStatus:
        try:
            async with asyncio.timeout(self._timeout):
                report = await indicator.health()
        except TimeoutError:
            return HealthStatus("DOWN", {"error": f"no answer within {self._timeout:g} s"})
        except Exception:  # noqa: BLE001  # a failing check is a finding
            _log.warning("health check %r failed", name, exc_info=True)
            return HealthStatus("DOWN", {"error": "check failed"})
        if isinstance(report, HealthStatus):
            return _known(name, report)
        _log.warning("health check %r returned %s instead of HealthStatus", name, type(report).__name__)
        return HealthStatus("DOWN", {"error": "check returned no HealthStatus"})


def groups_of(indicator: object) -> tuple[str, ...]:
    """Return the health groups that *indicator* belongs to."""
    return tuple(getattr(indicator, "groups", ()))


def _overall(reports: list[HealthStatus]) -> str:
    found = {item.status for item in reports if item.status not in _NEUTRAL}
    return next((status for status in _SEVERITY if status in found), "UP")


def _known(name: str, report: HealthStatus) -> HealthStatus:
    """Return *report*; what is none of the known statuses is no good news."""
    if report.status in _SEVERITY:
        return report
    status = str(report.status).upper()
    if status not in _SEVERITY:
        _log.warning(
            "health check %r reports %r, which is none of %s", name, report.status, ", ".join(_SEVERITY)
        )
        status = "DOWN"
    return HealthStatus(status, report.details)
