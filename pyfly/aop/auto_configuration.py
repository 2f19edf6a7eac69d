"""Weaves the aspects of an application that has some."""

import sys
from collections.abc import Iterable

from pyfly import aop  # a lazy package: its names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.exceptions import WiringError
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    auto_configuration,
    conditional,
    conditional_on_bean,
    conditional_on_property,
)


class OnAspects:
    """Holds when somebody can have written an aspect: the decorator has been imported."""

    runs_in = Pass.EARLY

    def check(self, facts: Facts) -> Outcome:
        """Look among the imported modules, which costs nothing where nobody uses aspects."""
        found = "pyfly.aop.decorators" in sys.modules
        return Outcome(found, f"@aspect has {'' if found else 'not '}been imported")

    def published(self) -> dict[str, object]:
        """Return the published form."""
        return {"type": "on_aspects"}


class AspectCheck(GraphCheck):
    """Reports pointcuts that cannot be read, decorators that do not exist, and advice that cannot run."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Return one problem per mistake."""
        from pyfly.aop.interceptor import problems

        return problems(container)


@auto_configuration(
    checks=(AspectCheck,), after=("pyfly.actuator.auto_configuration.ActuatorAutoConfiguration",)
)
@conditional_on_property("pyfly.aop.enabled", "true", match_if_missing=True)
@conditional(OnAspects())
class AopAutoConfiguration:
    """Aspects, from the decorator alone."""

    @bean
    def aspect_report(self, properties: "aop.AopProperties") -> "aop.AspectReport":
        """Tell which advice is on which method."""
        return aop.AspectReport()

    @bean
    def aspect_interceptor(self, container: Container, report: "aop.AspectReport") -> "aop.AspectInterceptor":
        """Weave the aspects."""
        return aop.AspectInterceptor(container, report)

    @bean
    @conditional_on_bean("pyfly.actuator.application.ApplicationActuator")
    def aspects_endpoint(self, report: "aop.AspectReport") -> "aop.AspectsEndpoint":
        """Show the report over HTTP, where the actuator exposes it."""
        return aop.AspectsEndpoint(report)
