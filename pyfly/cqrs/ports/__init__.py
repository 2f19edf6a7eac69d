"""Ports of commands and queries: what messages pass through, and what that needs of other modules."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.cqrs.order import MiddlewareOrder as MiddlewareOrder
    from pyfly.cqrs.ports.outbound import CqrsMiddleware as CqrsMiddleware
    from pyfly.cqrs.ports.outbound import MessageValidator as MessageValidator
    from pyfly.cqrs.ports.outbound import MeterRegistry as MeterRegistry
    from pyfly.cqrs.ports.outbound import RetryPolicy as RetryPolicy

__all__ = [
    "CqrsMiddleware",
    "MessageValidator",
    "MeterRegistry",
    "MiddlewareOrder",
    "RetryPolicy",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "CqrsMiddleware": "pyfly.cqrs.ports.outbound",
        "MessageValidator": "pyfly.cqrs.ports.outbound",
        "MeterRegistry": "pyfly.cqrs.ports.outbound",
        "MiddlewareOrder": "pyfly.cqrs.order",
        "RetryPolicy": "pyfly.cqrs.ports.outbound",
    },
)
