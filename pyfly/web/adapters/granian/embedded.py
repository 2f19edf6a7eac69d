"""granian inside an event loop that is not its own, on a socket that is not its own either."""

import socket
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from pyfly.web.connections.properties import ConnectionProperties
from pyfly.web.stages.properties import LimitProperties

_BACKLOG = 2048
_BUFFER = 64 * 1024
"""How many bytes of a connection granian keeps at least; larger heads are refused by it, smaller ones as the limits say."""


class EmbeddedServer(Server):
    """Serves *app* on a socket that listens already, which is what worker processes share."""

    def __init__(
        self, app: Any, sock: socket.socket, limits: ConnectionProperties, heads: LimitProperties
    ) -> None:
        """Serve *app* on *sock* within *limits* and *heads*, as far as granian knows them."""
        super().__init__(
            app,
            interface=Interfaces.ASGINL,
            backlog=_BACKLOG,
            backpressure=limits.max or None,
            http1_settings=HTTP1Settings(
                header_read_timeout=int(limits.header_timeout.total_seconds() * 1000),
                keep_alive=bool(limits.keep_alive),
                max_buffer_size=max(_BUFFER, heads.url_size + heads.header_size),
            ),
            log_enabled=False,
            log_dictconfig={"incremental": True, "handlers": {}, "loggers": {}},  # logging is ours
        )
        self._listener = sock

    def _init_shared_socket(self) -> None:
        holder: Any = SocketHolder  # its stub leaves the constructor out; it closes what it is given
        self._shd = holder(self._listener.dup().detach(), False, _BACKLOG)
        self._ssp = None
