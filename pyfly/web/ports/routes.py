"""Port: routes that other modules contribute without being controllers."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from pyfly.kernel.record import Record
from pyfly.web.responses import Receive, Reply, Scope

Endpoint = Callable[[Scope, Receive, tuple[str, ...]], Awaitable[Reply]]
"""Answers a request whose path variables have been read from the template, in its order."""


class RawRoute(Record):
    """A route with a ready-made endpoint, below ``pyfly.web.base-path`` like every other."""

    method: str
    path: str
    endpoint: Endpoint


class RouteSource(Protocol):
    """Port: a bean that contributes routes of its own; it must inherit this class."""

    def routes(self) -> Iterable[RawRoute]:
        """Return the routes; called once, when the application is ready."""
