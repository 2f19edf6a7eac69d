"""``/actuator/aspects``: which advice is on which method of which bean."""

from typing import Any

from pyfly.actuator.ports.outbound import ActuatorEndpoint
from pyfly.aop.report import AspectReport


class AspectsEndpoint(ActuatorEndpoint):
    """Shows the :class:`AspectReport` of the application."""

    endpoint_id = "aspects"
    enabled = True

    def __init__(self, report: AspectReport) -> None:
        """Show *report* as it is when somebody asks: lazy beans are added to it later."""
        self._report = report

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return the advised methods, and the pointcuts that mean nothing."""
        return {
            "methods": [
                {"bean": each.bean, "method": each.method, "advice": list(each.advice)}
                for each in self._report.methods
            ],
            "unused": [
                {"advice": each.advice, "pointcut": each.pointcut, "origin": each.origin}
                for each in self._report.unused
            ],
        }
