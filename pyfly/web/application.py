"""The ASGI application: compiles the routes when the beans are ready, then only runs them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from threading import Lock
from types import SimpleNamespace
from typing import Any, Protocol, cast

from pyfly.context.events import ContextRefreshedEvent, app_event_listener
from pyfly.context.lifecycle import pre_destroy
from pyfly.core.asgi import Answer, AsgiApplication, Message, Refusal, refused
from pyfly.web.responses import AsgiCallable, Receive, Scope, Send
from pyfly.web.routing.pool import PoolStatus, SyncPool
from pyfly.web.routing.refusing import Refusals
from pyfly.web.streams import OpenStreams

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


class Assembled(Protocol):
    """What the beans of a container were put together to."""

    @property
    def dispatch(self) -> AsgiCallable:
        """Answers a request."""

    @property
    def metadata(self) -> Sequence[Any]:
        """The routes of the controllers."""

    @property
    def websockets(self) -> AsgiCallable | None:
        """Serves a websocket, if there is anything that takes them."""

    @property
    def docs_enabled(self) -> bool:
        """Whether the document and its pages are served."""

    async def finish(self) -> None:
        """Wait for what handlers have left to be done after their responses."""

    @property
    def pool(self) -> SyncPool:
        """The threads of handlers that are not async."""

    @property
    def streams(self) -> OpenStreams:
        """What is open until somebody ends it."""

    @property
    def refusals(self) -> Refusals | None:
        """Words what a server answers by itself."""

    def close(self) -> None:
        """Release threads."""


class WebApplication(AsgiApplication):
    """An ASGI application of the controllers of a context.

    It can be made before the context has started: routes are compiled when the context says that all beans
    exist, at the end of the start-up of the ASGI lifespan, or by the first request, whatever comes first.

    Attributes:
        state: Whatever the application wants to keep; ``pyfly_route_metadata`` lists the routes.
    """

    def __init__(
        self, assemble: Callable[["WebApplication"], Assembled], *, lifespan: Lifespan | None = None
    ) -> None:
        """Serve what *assemble* puts together, inside *lifespan*."""
        self.state = SimpleNamespace(pyfly_route_metadata=[], pyfly_docs_enabled=False)
        self._assemble = assemble
        self._lifespan = lifespan
        self._lock = Lock()
        self._assembled: Assembled | None = None
        self._dispatch: AsgiCallable | None = None
        self._websockets: AsgiCallable | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the lifespan."""
        if scope["type"] == "http":
            await (self._dispatch or self.prepare())(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._run_lifespan(scope, receive, send)
        else:
            self.prepare()
            await (self._websockets or self._refuse_websocket)(scope, receive, send)

    def prepare(self) -> AsgiCallable:
        """Compile the routes, once, and return what answers requests. The beans must be ready."""
        with self._lock:
            if self._dispatch is None:
                self._assembled = assembled = self._assemble(self)
                self.state.pyfly_route_metadata = list(assembled.metadata)
                self.state.pyfly_docs_enabled = assembled.docs_enabled
                self._websockets = assembled.websockets
                self._dispatch = assembled.dispatch
            return self._dispatch

    @property
    def threads(self) -> PoolStatus:
        """What the threads of handlers that are not async are doing. The beans must be ready."""
        self.prepare()
        return cast("Assembled", self._assembled).pool.status

    def direct(self) -> AsgiCallable:
        """Return what answers HTTP requests: the compiled routes, unless a subclass wants to see them."""
        return self.prepare() if type(self).__call__ is WebApplication.__call__ else self

    @app_event_listener
    def on_refreshed(self, event: ContextRefreshedEvent) -> None:
        """Compile the routes now that all beans exist."""
        self.prepare()

    @pre_destroy
    async def finish(self) -> None:
        """Wait for what handlers have left to be done after their responses."""
        if self._assembled is not None:
            await self._assembled.finish()

    def drain(self) -> None:
        """End streams and websockets properly, now and from now on; other requests go on."""
        if self._assembled is not None:
            self._assembled.streams.end()

    def refuse(self, refusal: Refusal, scope: Message | None = None, *, begun: bool = False) -> Answer:
        """Return the answer to a request that the server refuses; it looks like that of the application."""
        self.prepare()
        refusals = cast("Assembled", self._assembled).refusals
        if refusals is None:
            return refused(None, refusal)
        return refusals.answer(refusal, scope, begun=begun)

    @pre_destroy
    def close(self) -> None:
        """Release the threads of handlers that are not async."""
        if self._assembled is not None:
            self._assembled.close()

    async def _refuse_websocket(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        refusal = Refusal(403, "WEBSOCKET_REFUSED", "There are no websockets here")
        status, headers, body = self.refuse(refusal, {**scope, "method": "GET"})
        await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": body})

    async def _run_lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        phase = "startup"
        await receive()
        try:
            async with self._lifespan(self) if self._lifespan else nullcontext():
                self.prepare()
                await send({"type": "lifespan.startup.complete"})
                phase = "shutdown"
                await receive()
        except BaseException as failure:
            await send({"type": f"lifespan.{phase}.failed", "message": str(failure)})
            raise
        finally:
            await self.finish()
            self.close()
        await send({"type": "lifespan.shutdown.complete"})
