"""Folds the application's filters and the routing step into one function, once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeGuard

from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.patterns import selector
from pyfly.web.ports.filter import CallNext, WebFilter
from pyfly.web.ports.stages import Respond
from pyfly.web.responses import AsgiCallable, Receive, Reply, Scope
from pyfly.web.routing.request_id import current_request_id

_FOREIGN: Final = "pyfly.foreign-response"


class ChainObjects:
    """How the chain makes the objects that filters see; an adapter provides it."""

    __slots__ = ("dropped", "passed", "receive_of", "reply_of", "request", "response")

    def __init__(
        self,
        request: Callable[[Scope, Receive], Any],
        response: Callable[[Reply], Any],
        receive_of: Callable[[Any], Receive],
        reply_of: Callable[[Any, Scope], Reply],
        passed: Callable[[AsgiCallable, Any], Awaitable[Any]],
        dropped: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Make a *request* of a scope, a *response* of a reply and *reply_of* it; find the *receive_of* a request.

        *passed* makes a response of another application's answer to a request, and *dropped* ends that
        application if a filter answers the request with another response.
        """
        self.request = request
        self.response = response
        self.receive_of = receive_of
        self.reply_of = reply_of
        self.passed = passed
        self.dropped = dropped


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
        if isinstance(reply, tuple) or hasattr(reply, "raw_headers"):
            return objects.response(reply)
        scope[_FOREIGN] = passed = await objects.passed(reply, request)
        return passed

    return _entrance(linked(filters, innermost), objects)


def _entrance(chain: CallNext, objects: ChainObjects) -> Respond:
    make, reply_of, dropped = objects.request, objects.reply_of, objects.dropped

    async def outermost(scope: Scope, receive: Receive) -> Reply:
        response = None
        try:
            response = await chain(make(scope, receive))
        finally:
            if _FOREIGN in scope and response is not scope[_FOREIGN]:
                await dropped(scope[_FOREIGN])
        return reply_of(response, scope)

    return outermost


def linked(filters: Sequence[WebFilter], innermost: CallNext) -> CallNext:
    """Return *innermost* inside *filters*, the first one outermost."""
    chain = innermost
    for item in reversed(filters):
        chain = _link(item, chain)
    return chain


def _link(item: WebFilter, call_next: CallNext) -> CallNext:
    run = item.do_filter
    if _goes_by_patterns(item):
        selects = selector(item.url_patterns, item.exclude_patterns)
        if selects is None:
            return lambda request: run(request, call_next)
        return lambda request: (
            run(request, call_next) if selects(request.scope["path"]) else call_next(request)
        )
    skips = item.should_not_filter
    return lambda request: call_next(request) if skips(request) else run(request, call_next)


def _goes_by_patterns(item: object) -> TypeGuard[OncePerRequestFilter]:
    return (
        isinstance(item, OncePerRequestFilter)
        and type(item).should_not_filter is OncePerRequestFilter.should_not_filter
    )
