"""The application as an ASGI app, and the two ports by which a web module joins it."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

from pyfly.core.garbage import settled_heap

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Handle = Callable[[Message, Receive, Send], Awaitable[None]]
"""Handles one connection."""


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


class Refusal(NamedTuple):
    """What a server answers instead of the application.

    Attributes:
        status: The HTTP status.
        code: A word for programs.
        message: A sentence for people.
        headers: What the answer is to say besides.
    """

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = MappingProxyType({})


Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""A status, headers and a body."""


class Refusing(Protocol):
    """Port: what an :class:`AsgiApplication` offers besides if answers of its server are to look like its own."""

    def refuse(self, refusal: Refusal, scope: Message | None = None, *, begun: bool = False) -> Answer:
        """Return the answer to a request that the server refuses.

        Args:
            refusal: What is wrong.
            scope: The request as far as it is known, which may lack anything.
            begun: Whether the application works on it already.
        """


_PLAIN: Final = b'{"type":"about:blank","title":"%b","status":%d,"detail":"%b","code":"%b"}'


def refused(app: object, refusal: Refusal, scope: Message | None = None, *, begun: bool = False) -> Answer:
    """Return what *app* answers to a refused request, or a plain problem detail if it has nothing to say."""
    refuse = getattr(app, "refuse", None)
    if callable(refuse):
        answer: Answer = refuse(refusal, scope, begun=begun)
        return answer
    phrase = HTTPStatus(refusal.status).phrase
    texts = [text.encode("ascii", "replace") for text in (phrase, refusal.message, refusal.code)]
    body = _PLAIN % (texts[0], refusal.status, texts[1], texts[2])
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in refusal.headers.items()]
    headers += [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
    ]
    return refusal.status, headers, body


class Direct(Protocol):
    """Port: what an :class:`AsgiApplication` offers besides if requests may reach what answers them without it."""

    def direct(self) -> Handle:
        """Return what answers every HTTP request from now on; called when the application has started."""


def direct(app: AsgiApplication) -> Handle:
    """Return what answers the HTTP requests of *app*: itself, unless its class offers a shorter way."""
    # The class is asked, because an object that passes everything on to an application is not to be left out.
    offered: Callable[[AsgiApplication], Handle] | None = getattr(type(app), "direct", None)
    return app if offered is None else offered(app)


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
        self._http: Handle | None = None

    @property
    def application(self) -> Lifespan:
        """The application that the lifespan starts and stops."""
        return self._application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection, or the lifespan."""
        if scope["type"] == "http":
            await (self._http or self._find_target())(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await (self._find() if self._target is None else self._target)(scope, receive, send)

    def drain(self) -> None:
        """Let the web bean end its streams and websockets."""
        drain(self._target)

    def refuse(self, refusal: Refusal, scope: Message | None = None, *, begun: bool = False) -> Answer:
        """Let the web bean word a refusal."""
        return refused(self._target, refusal, scope, begun=begun)

    def _find_target(self) -> Handle:
        self._target = self._find()
        self._http = direct(self._target)
        return self._http

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._application.startup()
            self._find_target()
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
