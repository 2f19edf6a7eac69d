"""The mediator of an application that has commands or queries, and what they pass through."""

import sys
from collections.abc import Iterable
from typing import Any

from pyfly import cqrs  # a lazy package: its names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.exceptions import WiringError
from pyfly.container.ordering import order
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    auto_configuration,
    conditional,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.cqrs.order import MiddlewareOrder

_MIDDLEWARE = "pyfly.cqrs.middleware"


class OnMessages:
    """Holds when something of this package that applications use has been imported."""

    runs_in = Pass.EARLY

    def check(self, facts: Facts) -> Outcome:
        """Look among the modules loaded so far."""
        used = any(f"pyfly.cqrs.{each}" in sys.modules for each in ("types", "decorators", "mediator"))
        return Outcome(used, "pyfly.cqrs is in use" if used else "pyfly.cqrs is not in use")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_messages"}


class HandlerCheck(GraphCheck):
    """Reports messages that have no handler or several, and handlers that handle nothing."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per message or handler."""
        from pyfly.cqrs.checks import problems_of

        return problems_of(container)


@auto_configuration(
    checks=(HandlerCheck,), after=("pyfly.validation.auto_configuration.ObjectValidationAutoConfiguration",)
)
@conditional(OnMessages())
class CqrsAutoConfiguration:
    """The default mediator and its middleware; a bean of the same class replaces each."""

    @bean
    @conditional_on_missing_bean("pyfly.cqrs.mediator.Mediator")
    def mediator(self, container: Container, middleware: "list[cqrs.CqrsMiddleware]") -> "cqrs.Mediator":
        """Send messages through *middleware* to the handlers among the beans."""
        from pyfly.cqrs.handlers import HandlerBeans

        return cqrs.Mediator(middleware, handlers=HandlerBeans(container))

    @bean
    @order(MiddlewareOrder.LOGGING)
    @conditional_on_property("pyfly.cqrs.logging.enabled", "true", match_if_missing=True)
    @conditional_on_missing_bean(f"{_MIDDLEWARE}.LoggingMiddleware")
    def cqrs_logging(self) -> "cqrs.LoggingMiddleware":
        """Log messages."""
        return cqrs.LoggingMiddleware()

    @bean
    @order(MiddlewareOrder.METRICS)
    @conditional_on_property("pyfly.cqrs.metrics.enabled", "true", match_if_missing=True)
    @conditional_on_missing_bean(f"{_MIDDLEWARE}.MetricsMiddleware")
    def cqrs_metrics(self, registry: "cqrs.MeterRegistry | None") -> "cqrs.MetricsMiddleware | None":
        """Measure messages, where there is a registry."""
        return None if registry is None else cqrs.MetricsMiddleware(registry)

    @bean
    @order(MiddlewareOrder.VALIDATION)
    @conditional_on_property("pyfly.cqrs.validation.enabled", "true", match_if_missing=True)
    @conditional_on_missing_bean(f"{_MIDDLEWARE}.ValidationMiddleware")
    def cqrs_validation(
        self, validator: "cqrs.MessageValidator | None"
    ) -> "cqrs.ValidationMiddleware | None":
        """Validate messages."""
        return None if validator is None else cqrs.ValidationMiddleware(validator)

    @bean
    @order(MiddlewareOrder.RETRY)
    @conditional_on_missing_bean(f"{_MIDDLEWARE}.RetryMiddleware")
    def cqrs_retry(self, properties: "cqrs.CqrsProperties") -> "cqrs.RetryMiddleware | None":
        """Retry messages, if that is asked for."""
        said = properties.retry
        if said.max_attempts == 1:
            return None
        from pyfly.cqrs.retrying import transient_retry

        return cqrs.RetryMiddleware(transient_retry(said))
