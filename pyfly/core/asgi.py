"""The application as an ASGI app, and the two ports by which a web module joins it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from pyfly.core.garbage import settled_heap

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class AsgiApplication(Protocol):
    """Port: answers HTTP requests and websockets. A bean of this type makes an application a web service."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection, as the ASGI specification describes."""


class Drainable(Protocol):
    """Port: what an :class:`AsgiApplication` offers besides if it has connections that do not end by themselves."""

    def drain(self) -> None:
        """End streams and websockets properly, now and from now on; requests go on. May be called again."""


def drain(app: object) -> None:
    """Tell *app* that no new connections will come, if it wants to know."""
    end = getattr(app, "drain", None)
    if callable(end):
        end()


class ApplicationServer(Protocol):
    """Port: serves an :class:`AsgiApplication` over the network."""

    async def serve(self, app: AsgiApplication, *, started: Callable[[str], None]) -> None:
        """Listen and serve until told to stop by a signal, then drain.

        Args:
            app: An application that has been started.
            started: Called with the base URL once connections are accepted.
        """


class Lifespan(Protocol):
    """What the ASGI lifespan starts and stops."""

    async def startup(self) -> None:
        """Start, or raise."""

    async def shutdown(self) -> None:
        """Stop."""


class LifespanApp:
    """Starts the application with the ASGI lifespan and hands connections to its web bean."""

    def __init__(self, application: Lifespan, find: Callable[[], AsgiApplication]) -> None:
        """Wrap *application*; *find* returns the bean that answers once it has started."""
        self._application = application
        self._find = find
        self._target: AsgiApplication | None = None

    @property
    def application(self) -> Lifespan:
        """The application that the lifespan starts and stops."""
        return self._application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection, or the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self._target is None:
            self._target = self._find()
        await self._target(scope, receive, send)

    def drain(self) -> None:
        """Let the web bean end its streams and websockets."""
        drain(self._target)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._application.startup()
            self._target = self._find()
        except Exception as error:
            await self._application.shutdown()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        try:
            await send({"type": "lifespan.startup.complete"})
            with settled_heap():
                await receive()
        finally:
            # Also when the server cancels the lifespan instead of ending it.
            await self._application.shutdown()
        await send({"type": "lifespan.shutdown.complete"})
