"""What uvicorn is told."""

import logging
from importlib.util import find_spec
from typing import Any

import uvicorn

from pyfly.web.adapters.uvicorn.watch import Watch
from pyfly.web.properties import WebProperties
from pyfly.web.stages.properties import LimitProperties
from pyfly.web.websocket.properties import WebSocketProperties

_log = logging.getLogger("pyfly.web")


def is_guarded() -> bool:
    """Say whether the protocols with limits can be used, and log if they cannot."""
    found = all(map(find_spec, ("httptools", "websockets")))
    if not found:
        _log.warning("httptools or websockets is not installed: slow connections are not limited")
    return found


def config_of(
    app: Any,
    properties: WebProperties,
    watch: Watch,
    sockets: WebSocketProperties,
    heads: LimitProperties,
) -> uvicorn.Config:
    """Return the configuration of a server of *app* that leaves lifespan, logging and proxies to us."""
    options: dict[str, Any] = {}
    if is_guarded():
        from pyfly.web.adapters.uvicorn.protocol import GuardedProtocol
        from pyfly.web.adapters.uvicorn.websocket import GuardedWebSocket

        options["http"] = type("GuardedProtocol", (GuardedProtocol,), {"watch": watch, "heads": heads})
        options["ws"] = type("GuardedWebSocket", (GuardedWebSocket,), {"watch": watch})
    return uvicorn.Config(
        app,
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # what proxies say is believed as pyfly.web.trusted-proxies says, not here
        timeout_keep_alive=watch.limits.keep_alive.total_seconds(),  # type: ignore[arg-type]  # any number does
        timeout_graceful_shutdown=properties.shutdown_timeout.total_seconds(),  # type: ignore[arg-type]
        ws_max_size=sockets.message_size,
        ws_ping_interval=sockets.ping_interval.total_seconds() or None,
        ws_ping_timeout=sockets.ping_timeout.total_seconds() or None,
        **options,
    )
