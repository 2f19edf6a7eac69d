"""The start-up check of websockets: what cannot be bound, bad templates, duplicates."""

import sys
from collections.abc import Iterable

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.exceptions import WiringError


class WebSocketCheck(GraphCheck):
    """Reports every websocket handler that could not work, before any bean is built."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Return what is wrong with the websockets of the controllers in *container*."""
        if "pyfly.web.websocket.mapping" not in sys.modules:
            return ()
        from pyfly.web.websocket.planning import describe_websockets  # imports pydantic

        return describe_websockets(container).problems
