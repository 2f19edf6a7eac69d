"""The start-up check of routes: unbindable parameters, bad templates, duplicates."""

from collections.abc import Iterable

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.exceptions import WiringError


class RouteCheck(GraphCheck):
    """Reports every route that could not work, before any bean is built."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Return what is wrong with the routes of the controllers in *container*."""
        from pyfly.web.routing.description import describe  # imports pydantic

        return describe(container).problems
