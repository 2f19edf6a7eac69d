"""Serves the application of this process with uvicorn."""

from collections.abc import Callable

from pyfly.core.asgi import ApplicationServer, AsgiApplication
from pyfly.core.sockets import listening, url_of
from pyfly.web.connections.properties import ConnectionProperties
from pyfly.web.properties import WebProperties
from pyfly.web.stages.properties import LimitProperties
from pyfly.web.websocket.properties import WebSocketProperties


class UvicornServer(ApplicationServer):
    """Listens where ``pyfly.web`` says and serves until it is told to stop.

    The application has been started by whoever calls :meth:`serve`, and is stopped by them as well.
    """

    def __init__(
        self,
        properties: WebProperties,
        limits: ConnectionProperties | None = None,
        sockets: WebSocketProperties | None = None,
        heads: LimitProperties | None = None,
    ) -> None:
        """Serve as *properties* say, HTTP within *limits* and *heads*, and websockets as *sockets* say."""
        self._properties = properties
        self._limits = limits or ConnectionProperties()
        self._sockets = sockets or WebSocketProperties()
        self._heads = heads or LimitProperties()

    async def serve(self, app: AsgiApplication, *, started: Callable[[str], None]) -> None:
        """Serve *app* until this task is cancelled; requests in progress get the shutdown timeout to end.

        Cancelling for a second time does not wait for them. Signals are the caller's business.

        Args:
            app: The started application.
            started: Called with the base URL as soon as connections are accepted.

        Raises:
            PortUnavailableError: The address cannot be listened on.
        """
        # uvicorn is loaded when there is something to serve.
        from pyfly.web.adapters.uvicorn.options import config_of
        from pyfly.web.adapters.uvicorn.stoppable import StoppableServer
        from pyfly.web.adapters.uvicorn.watch import Watch

        properties = self._properties
        with listening(properties.host, properties.port) as sock:
            url = url_of(sock)
            watch = Watch(self._limits)
            config = config_of(app, properties, watch, self._sockets, self._heads)
            delay = properties.shutdown_delay.total_seconds()
            server = StoppableServer(config, lambda: started(url), watch, delay)
            await server.serve_until_cancelled(sock)
