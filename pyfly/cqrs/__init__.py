"""Commands and queries: messages with typed results, each taken by a mediator to its one handler.

Handlers are beans, found by their decorator; what every message passes through is middleware.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.cqrs.decorators import command_handler as command_handler
    from pyfly.cqrs.decorators import query_handler as query_handler
    from pyfly.cqrs.dispatch import Dispatch as Dispatch
    from pyfly.cqrs.dispatch import correlation as correlation
    from pyfly.cqrs.dispatch import correlation_id as correlation_id
    from pyfly.cqrs.dispatch import current_dispatch as current_dispatch
    from pyfly.cqrs.exceptions import DuplicateHandlerError as DuplicateHandlerError
    from pyfly.cqrs.exceptions import NoHandlerError as NoHandlerError
    from pyfly.cqrs.mediator import Mediator as Mediator
    from pyfly.cqrs.middleware import LoggingMiddleware as LoggingMiddleware
    from pyfly.cqrs.middleware import MetricsMiddleware as MetricsMiddleware
    from pyfly.cqrs.middleware import RetryMiddleware as RetryMiddleware
    from pyfly.cqrs.middleware import ValidationMiddleware as ValidationMiddleware
    from pyfly.cqrs.order import MiddlewareOrder as MiddlewareOrder
    from pyfly.cqrs.ports.outbound import CqrsMiddleware as CqrsMiddleware
    from pyfly.cqrs.ports.outbound import MessageValidator as MessageValidator
    from pyfly.cqrs.ports.outbound import MeterRegistry as MeterRegistry
    from pyfly.cqrs.properties import CqrsProperties as CqrsProperties
    from pyfly.cqrs.types import Command as Command
    from pyfly.cqrs.types import CommandBus as CommandBus
    from pyfly.cqrs.types import CommandHandler as CommandHandler
    from pyfly.cqrs.types import Query as Query
    from pyfly.cqrs.types import QueryBus as QueryBus
    from pyfly.cqrs.types import QueryHandler as QueryHandler

__all__ = [
    "Command",
    "CommandBus",
    "CommandHandler",
    "CqrsMiddleware",
    "CqrsProperties",
    "Dispatch",
    "DuplicateHandlerError",
    "LoggingMiddleware",
    "Mediator",
    "MessageValidator",
    "MeterRegistry",
    "MetricsMiddleware",
    "MiddlewareOrder",
    "NoHandlerError",
    "Query",
    "QueryBus",
    "QueryHandler",
    "RetryMiddleware",
    "ValidationMiddleware",
    "command_handler",
    "correlation",
    "correlation_id",
    "current_dispatch",
    "query_handler",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Command": "pyfly.cqrs.types",
        "CommandBus": "pyfly.cqrs.types",
        "CommandHandler": "pyfly.cqrs.types",
        "CqrsMiddleware": "pyfly.cqrs.ports.outbound",
        "CqrsProperties": "pyfly.cqrs.properties",
        "Dispatch": "pyfly.cqrs.dispatch",
        "DuplicateHandlerError": "pyfly.cqrs.exceptions",
        "LoggingMiddleware": "pyfly.cqrs.middleware",
        "Mediator": "pyfly.cqrs.mediator",
        "MessageValidator": "pyfly.cqrs.ports.outbound",
        "MeterRegistry": "pyfly.cqrs.ports.outbound",
        "MetricsMiddleware": "pyfly.cqrs.middleware",
        "MiddlewareOrder": "pyfly.cqrs.order",
        "NoHandlerError": "pyfly.cqrs.exceptions",
        "Query": "pyfly.cqrs.types",
        "QueryBus": "pyfly.cqrs.types",
        "QueryHandler": "pyfly.cqrs.types",
        "RetryMiddleware": "pyfly.cqrs.middleware",
        "ValidationMiddleware": "pyfly.cqrs.middleware",
        "command_handler": "pyfly.cqrs.decorators",
        "correlation": "pyfly.cqrs.dispatch",
        "correlation_id": "pyfly.cqrs.dispatch",
        "current_dispatch": "pyfly.cqrs.dispatch",
        "query_handler": "pyfly.cqrs.decorators",
    },
)
