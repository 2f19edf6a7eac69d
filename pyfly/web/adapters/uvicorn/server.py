"""Serves the application of this process with uvicorn."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn

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
            server = _Server(config, lambda: started(_url_of(sock)))
            serving = asyncio.create_task(server.serve(sockets=[sock]))
            try:
                await asyncio.shield(serving)
            except asyncio.CancelledError:
                await _drained(server, serving)
                raise


async def _drained(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    server.should_exit = True
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        # Asked for a second time: whoever asks does not want to wait for the requests in progress.
        server.force_exit = True
        await serving


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._announce()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Signals belong to the application; it cancels the server when one arrives.
        yield


def _url_of(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
