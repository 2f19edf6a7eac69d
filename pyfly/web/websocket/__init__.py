"""Websockets: ``@websocket_mapping`` methods of controllers, with the parameters that routes have, and one session each.

A controller is shared by all connections. What belongs to one of them lives on its :class:`WebSocketSession`.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.websocket.exceptions import WebSocketDisconnected, WebSocketException
    from pyfly.web.websocket.mapping import websocket_mapping
    from pyfly.web.websocket.properties import WebSocketProperties
    from pyfly.web.websocket.session import WebSocketSession

__all__ = [
    "WebSocketDisconnected",
    "WebSocketException",
    "WebSocketProperties",
    "WebSocketSession",
    "websocket_mapping",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "WebSocketDisconnected": "pyfly.web.websocket.exceptions",
        "WebSocketException": "pyfly.web.websocket.exceptions",
        "WebSocketProperties": "pyfly.web.websocket.properties",
        "WebSocketSession": "pyfly.web.websocket.session",
        "websocket_mapping": "pyfly.web.websocket.mapping",
    },
)
