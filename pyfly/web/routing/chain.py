"""Folds the application's filters and the routing step into one function, once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.ports.filter import CallNext, WebFilter
from pyfly.web.responses import Receive, Reply, Scope
from pyfly.web.routing.dispatch import Respond
from pyfly.web.routing.request_id import current_request_id


class ChainObjects:
    """How the chain makes the objects that filters see; an adapter provides it."""

    __slots__ = ("receive_of", "request", "response")

    def __init__(
        self,
        request: Callable[[Scope, Receive], Any],
        response: Callable[[Reply], Any],
        receive_of: Callable[[Any], Receive],
    ) -> None:
        """Make a *request* of a scope, a *response* of a reply, and find the *receive_of* a request."""
        self.request = request
        self.response = response
        self.receive_of = receive_of


def filtered(
    respond: Respond, filters: Sequence[WebFilter], translator: ErrorTranslator, objects: ChainObjects
) -> Respond:
    """Return *respond* with *filters* around it, the first one outermost.

    A failure inside is translated before the filters see it, so they always get a response.
    """

    async def innermost(request: Any) -> Any:
        scope = request.scope
        try:
            reply = await respond(scope, objects.receive_of(request))
        except ClientDisconnected:
            raise
        except Exception as failure:  # noqa: BLE001  # filters are to see every failure as a response
            reply = translator.reply(failure, scope, current_request_id.get())
        return objects.response(reply)

    chain: CallNext = innermost
    for item in reversed(filters):
        chain = _link(item, chain)

    async def outermost(scope: Scope, receive: Receive) -> Reply:
        reply: Reply = await chain(objects.request(scope, receive))
        return reply

    return outermost


def _link(item: WebFilter, call_next: CallNext) -> CallNext:
    skips, run = item.should_not_filter, item.do_filter

    def link(request: Any) -> Awaitable[Any]:
        return call_next(request) if skips(request) else run(request, call_next)

    return link
