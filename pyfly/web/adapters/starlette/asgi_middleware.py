"""ASGI middleware around an application of ours."""

from collections.abc import Callable, Sequence

from starlette.middleware import Middleware

from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.ports.stages import Respond
from pyfly.web.responses import AsgiCallable, Receive, Reply, Scope, Send
from pyfly.web.routing.request_id import current_request_id

AsgiMiddleware = Middleware | Callable[[AsgiCallable], AsgiCallable]
"""``Middleware(GZipMiddleware, minimum_size=500)``, or a function or class that takes an application only."""


class Onion:
    """Middleware, each made once, around the requests and the websockets of one application.

    What middleware sends still gets the headers of every response, and what it raises is an error response.
    """

    _respond: Respond
    _translator: ErrorTranslator
    _sockets: AsgiCallable

    def __init__(self, middleware: Sequence[AsgiMiddleware]) -> None:
        """Let the first of *middleware* be outermost."""
        app: AsgiCallable = self._inside
        for each in reversed(middleware):
            app = each.cls(app, *each.args, **each.kwargs) if isinstance(each, Middleware) else each(app)
        self._app = app

    def around(self, respond: Respond, translator: ErrorTranslator) -> Respond:
        """Return *respond* inside the middleware, which sees its failures as responses."""
        self._respond, self._translator = respond, translator

        async def entered(_scope: Scope, _receive: Receive) -> Reply:
            return self._app

        return entered

    def around_sockets(self, sockets: AsgiCallable | None) -> AsgiCallable | None:
        """Return what serves websockets inside the middleware, if anything does."""
        if sockets is None:
            return None
        self._sockets = sockets
        return self._app

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._sockets(scope, receive, send)
            return
        reply: Reply
        try:
            reply = await self._respond(scope, receive)
        except ClientDisconnected:
            raise
        except Exception as failure:  # noqa: BLE001  # middleware is to see every failure as a response
            reply = self._translator.reply(failure, scope, current_request_id.get())
        if not isinstance(reply, tuple):
            await reply(scope, receive, send)
            return
        status, headers, body = reply
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
