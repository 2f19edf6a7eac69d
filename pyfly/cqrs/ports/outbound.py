"""Ports of messaging inside an application: what messages pass through, and what that needs of others.

Transactions, authorisation and caching are middleware that the modules owning them contribute as beans;
``MiddlewareOrder`` says where they belong.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from pyfly.container.types import extension_point


class CqrsMiddleware(Protocol):
    """Port: something that every message passes through. Beans that inherit it join by ``@order``."""

    async def handle(self, message: Any, next_handler: Callable[[Any], Awaitable[Any]]) -> Any:
        """Return the result of ``await next_handler(message)``, or another one without calling it."""


@extension_point
class MessageValidator(Protocol):
    """Port: what checks messages, such as the object validator of ``pyfly.validation``."""

    async def validate_object(self, value: object) -> None:
        """Return if *value* is valid, and raise a ``ValidationException`` if it is not."""


@extension_point
class MeterRegistry(Protocol):
    """Port: where metrics are kept, such as the registry of ``pyfly.observability``."""

    def counter(self, name: str, description: str, /) -> Any:
        """Return the counter called *name*, which has ``inc()``."""

    def histogram(self, name: str, description: str, labels: list[str], /) -> Any:
        """Return the histogram called *name*, whose ``labels(*values)`` has ``observe(seconds)``."""


class RetryPolicy(Protocol):
    """Port: what calls again what has failed, such as ``Retry`` of ``pyfly.resilience``."""

    async def call(self, function: Callable[..., Any], /, *args: Any) -> Any:
        """Return the result of ``await function(*args)``, trying as often as the policy says."""
