"""The protocols of a process that is named by an import string: their limits are those of the application that it serves."""

from functools import cache
from typing import Any, NamedTuple

import uvicorn

from pyfly.core.config.config import Config
from pyfly.web.adapters.uvicorn.protocol import GuardedProtocol
from pyfly.web.adapters.uvicorn.watch import Watch
from pyfly.web.adapters.uvicorn.websocket import GuardedWebSocket
from pyfly.web.connections.properties import ConnectionProperties
from pyfly.web.stages.properties import LimitProperties
from pyfly.web.websocket.properties import WebSocketProperties


class _Guard(NamedTuple):
    watch: Watch
    heads: LimitProperties
    sockets: WebSocketProperties


@cache
def _guard_of(app: Any) -> _Guard:
    application = getattr(app, "application", None)
    config = application.context.config if application is not None else Config()
    watch = Watch(config.bind(ConnectionProperties))
    watch.start()
    return _Guard(watch, config.bind(LimitProperties), config.bind(WebSocketProperties))


class ReloadedProtocol(GuardedProtocol):
    """One connection of such a process."""

    def __init__(self, config: uvicorn.Config, *args: Any, **kwargs: Any) -> None:
        """Serve it within the limits of the application, which has been started."""
        super().__init__(config, *args, **kwargs)
        self.watch, self.heads, _ = _guard_of(self.app)
        # Any number does, whole or not.
        self.timeout_keep_alive = self.watch.limits.keep_alive.total_seconds()  # type: ignore[assignment]


class ReloadedWebSocket(GuardedWebSocket):
    """One websocket of such a process."""

    def __init__(self, config: uvicorn.Config, *args: Any, **kwargs: Any) -> None:
        """Serve it within the limits of the application."""
        guard = _guard_of(config.loaded_app)
        config.ws_max_size = guard.sockets.message_size
        config.ws_ping_interval = guard.sockets.ping_interval.total_seconds() or None
        config.ws_ping_timeout = guard.sockets.ping_timeout.total_seconds() or None
        super().__init__(config, *args, **kwargs)
        self.watch = guard.watch
