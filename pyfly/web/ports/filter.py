"""Port: code that runs around every request."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, runtime_checkable

from pyfly.container.types import extension_point

CallNext = Callable[[Any], Awaitable[Any]]
"""Runs the rest of the chain with a request and returns its response."""


@extension_point
@runtime_checkable
class WebFilter(Protocol):
    """Port: sees each request on its way in and each response on its way out, lowest ``@order`` outermost."""

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        """Return the response, usually that of ``await call_next(request)``.

        Not calling *call_next* answers the request here. Failures of handlers arrive as error responses.
        """

    def should_not_filter(self, request: Any) -> bool:
        """Say whether this request is none of the filter's business."""
