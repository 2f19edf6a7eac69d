"""Serves the application of this process with uvicorn."""

import socket
from collections.abc import Callable
from typing import Any, cast

from pyfly.core.asgi import ApplicationServer, AsgiApplication
from pyfly.web.adapters.uvicorn.sockets import listen
from pyfly.web.properties import WebProperties


class UvicornServer(ApplicationServer):
    """Listens where ``pyfly.web`` says and serves until it is told to stop.

    The application has been started by whoever calls :meth:`serve`, and is stopped by them as well.
    """

    def __init__(self, properties: WebProperties) -> None:
        """Serve as *properties* say."""
        self._properties = properties

    async def serve(self, app: AsgiApplication, *, started: Callable[[str], None]) -> None:
        """Serve *app* until this task is cancelled; requests in progress get the shutdown timeout to end.

        Cancelling for a second time does not wait for them. Signals are the caller's business.

        Args:
            app: The started application.
            started: Called with the base URL as soon as connections are accepted.

        Raises:
            PortUnavailableError: The address cannot be listened on.
        """
        import uvicorn

        from pyfly.web.adapters.uvicorn.stoppable import StoppableServer

        sock = listen(self._properties.host, self._properties.port)
        config = uvicorn.Config(
            cast("Any", app),
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=max(1, int(self._properties.shutdown_timeout.total_seconds())),
        )
        with sock:
            server = StoppableServer(config, lambda: started(_url_of(sock)))
            await server.serve_until_cancelled(sock)


def _url_of(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
