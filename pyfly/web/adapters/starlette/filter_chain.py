"""``WebFilterChainMiddleware``: filters around any ASGI application."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from pyfly.web.adapters.starlette.passing import Call
from pyfly.web.ports.filter import CallNext, WebFilter
from pyfly.web.responses import AsgiCallable, Receive, Scope, Send
from pyfly.web.routing.chain import linked


class WebFilterChainMiddleware:
    """Runs filters around an ASGI application of any make, the first one outermost.

    Applications of this framework run their filters without it, and cheaper: this one needs a task for
    each request, because the other application only says what its response is while sending it.
    """

    def __init__(self, app: AsgiCallable, filters: Sequence[WebFilter] = ()) -> None:
        """Run *filters* around *app*."""
        self.app = app
        self._filters = tuple(filters)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not self._filters:
            await self.app(scope, receive, send)
            return
        calls: list[Call] = []

        async def innermost(request: Any) -> Any:
            calls.append(Call(self.app, request.scope, request.receive))
            return await calls[-1].response()

        chain: CallNext = linked(self._filters, innermost)
        try:
            response = await chain(Request(scope, receive))
            await response(scope, receive, send)
        finally:
            for call in calls:
                await call.close()
