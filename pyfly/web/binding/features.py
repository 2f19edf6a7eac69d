"""What generated code asks for only if a route uses it; the application provides it."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from pyfly.web.binding.parameters import Parameter
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import Receive, Reply, Scope


class Features(Protocol):
    """Features that not every application has."""

    def settings(self, properties: type) -> Any:
        """Return the settings of a properties class."""

    @property
    def read_form(self) -> Callable[[Scope, Receive], Awaitable[Any]]:
        """Reads the form of a request: ``values``, ``files``, and ``close()`` for the end of the request."""

    def page_reader(self, item: Parameter) -> Callable[[Any], Any]:
        """Return what makes the ``Pageable`` or ``Sort`` of the parameter *item* of a query string."""

    def linked(self, endpoint: Endpoint) -> Endpoint:
        """Return *endpoint*, whose results are pages, with links in its answers."""

    def page(self, plan: RoutePlan) -> Callable[[Any, Scope], Awaitable[Reply]]:
        """Return what makes a page of the results of the route *plan*."""
