"""uvicorn without its signal handlers, so that whoever runs it decides when it stops."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn


class StoppableServer(uvicorn.Server):
    """Serves until its task is cancelled, then lets requests in progress end."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        """Serve as *config* says; call *started* once connections are accepted."""
        super().__init__(config)
        self._announce = started

    async def serve_until_cancelled(self, sock: socket.socket) -> None:
        """Serve on *sock*. A second cancellation does not wait for the requests in progress."""
        serving = asyncio.create_task(self.serve(sockets=[sock]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self.should_exit = True
            await self._drained(serving)
            raise

    async def _drained(self, serving: asyncio.Task[None]) -> None:
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self.force_exit = True
            await serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._announce()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield
