"""Serves the application of this process with granian."""

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

from pyfly.core.asgi import ApplicationServer, AsgiApplication, Message, Receive, Send, drain
from pyfly.core.config.errors import ConfigurationError
from pyfly.core.sockets import listening, url_of
from pyfly.web.connections.properties import ConnectionProperties
from pyfly.web.properties import WebProperties
from pyfly.web.stages.properties import LimitProperties
from pyfly.web.websocket.properties import WebSocketProperties

_CLOSE: Final = (b"connection", b"close")
_LAST_WORDS: Final = 0.5
"""Seconds for requests that were cancelled to clean up."""


class GranianServer(ApplicationServer):
    """Listens where ``pyfly.web`` says and serves until it is told to stop.

    Of ``pyfly.web.connections``, granian itself heeds ``max`` and ``header-timeout``, also for the next request of a
    connection; ``keep-alive: 0s`` ends them at once. It has no limits for slow bodies and readers, and none can be kept
    from here: it does not survive that somebody gives up waiting for it.
    """

    def __init__(
        self,
        properties: WebProperties,
        limits: ConnectionProperties | None = None,
        sockets: WebSocketProperties | None = None,
        heads: LimitProperties | None = None,
    ) -> None:
        """Serve as *properties* say, HTTP within *limits* and *heads*; *sockets* is heeded by the application itself.

        Raises:
            ConfigurationError: granian is not installed.
        """
        if find_spec("granian") is None:
            raise ConfigurationError(
                "granian is not installed", key="pyfly.web.server", fix="pip install 'pyfly[granian]'"
            )
        self._properties = properties
        self._limits = limits or ConnectionProperties()
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
        from pyfly.web.adapters.granian.embedded import EmbeddedServer  # imports granian

        tracked = _Tracked(app)
        with listening(self._properties.host, self._properties.port) as sock:
            server = EmbeddedServer(tracked, sock, self._limits, self._heads)
            serving = asyncio.create_task(server.serve())
            started(url_of(sock))
            try:
                await asyncio.shield(serving)
            except asyncio.CancelledError:
                await self._stop(server.stop, serving, tracked)
                raise

    async def _stop(
        self, stop: Callable[[], None], serving: "asyncio.Task[None]", tracked: "_Tracked"
    ) -> None:
        try:
            await asyncio.sleep(self._properties.shutdown_delay.total_seconds())
            drain(tracked.app)
            stop()
            async with asyncio.timeout(self._properties.shutdown_timeout.total_seconds()):
                await asyncio.shield(serving)
        except (TimeoutError, asyncio.CancelledError):
            stop()
        tasks = [serving, *tracked.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_LAST_WORDS)


class _Tracked(AsgiApplication):
    """An application whose connections can be given up."""

    def __init__(self, app: AsgiApplication) -> None:
        self.app = app
        self.tasks: set[asyncio.Task[object]] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("granian calls an application outside of a task")
        self.tasks.add(task)
        try:
            if scope["type"] == "http" and scope["http_version"] == "1.1" and _has_body(scope):
                exchange = _Exchange(receive, send)
                receive, send = exchange.receive, exchange.send
            await self.app(scope, receive, send)
        finally:
            self.tasks.discard(task)


class _Exchange:
    """A request with a body, whose answer says ``Connection: close`` when it comes before the end of the body.

    granian closes such a connection in any case, but tells its client nothing; a client that keeps connections would
    send its next request into it (RFC 9112, section 9.6).
    """

    __slots__ = ("_read", "_receive", "_send")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._read = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._read = not message.get("more_body")
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self._read:
            message = {**message, "headers": [*message.get("headers", ()), _CLOSE]}
        await self._send(message)


def _has_body(scope: Message) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
