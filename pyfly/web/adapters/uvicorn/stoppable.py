"""uvicorn without its signal handlers, so that whoever runs it decides when it stops, and with a stop that loses nothing."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

from pyfly.core.asgi import drain
from pyfly.web.adapters.uvicorn.watch import Watch

_log = logging.getLogger("pyfly.web")

_POLL: Final = 0.02
_SETTLE: Final = 0.05
"""Seconds in which what had been sent before the stop may still arrive."""
_LAST_WORDS: Final = 0.5
"""Seconds for requests that were cancelled to clean up."""
_CLOSE: Final = (b"connection", b"close")


class StoppableServer(uvicorn.Server):
    """Serves until its task is cancelled, then lets requests in progress end."""

    def __init__(
        self,
        config: uvicorn.Config,
        started: Callable[[], None],
        watch: Watch,
        delay: float = 0,
    ) -> None:
        """Serve as *config* says; call *started* once connections are accepted; go on for *delay* after the stop."""
        super().__init__(config)
        self._announce = started
        self._watch = watch
        self._delay = delay

    async def serve_until_cancelled(self, sock: socket.socket) -> None:
        """Serve on *sock*. A second cancellation does not wait for the requests in progress."""
        serving = asyncio.create_task(self.serve(sockets=[sock]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            await self._stop(serving)
            raise

    async def _stop(self, serving: "asyncio.Task[None]") -> None:
        try:
            if self._delay:
                await asyncio.sleep(self._delay)
            self.should_exit = True
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self.should_exit = self.force_exit = True
            await serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._watch.start()
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, end streams and websockets, wait for requests, and give up what takes too long."""
        # Every response from now on tells its client not to come back here.
        self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        await self._refuse(sockets or [])
        drain(self.config.app)
        if not self.force_exit:
            await asyncio.sleep(_SETTLE)
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                await self._idle()
        except TimeoutError:
            _log.error("requests in progress were given up: %d", len(self.server_state.tasks))
        await self._give_up()
        self._watch.stop()

    async def _refuse(self, sockets: list[socket.socket]) -> None:
        """Close the listening sockets, after accepting whoever has been waiting there."""
        if not self.force_exit:
            for sock in sockets:
                sock.listen(0)
            for _ in range(3):
                await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        for sock in sockets:
            sock.close()

    async def _idle(self) -> None:
        has_said = hasattr(self.config.app, "drain")
        state = self.server_state
        while (state.connections or state.tasks) and not self.force_exit:
            for connection in tuple(state.connections):
                if not has_said or not _is_websocket(connection):
                    connection.shutdown()
            await asyncio.sleep(_POLL)

    async def _give_up(self) -> None:
        tasks = set(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_LAST_WORDS)
        for connection in tuple(self.server_state.connections):
            connection.shutdown()
            if connection.transport is not None:
                connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def _is_websocket(connection: Any) -> bool:
    return hasattr(connection, "handshake_complete")
