"""The way of a request: id, error translation, stages, routing, handler. Composed once, at start-up."""

from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import Any, cast

from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.ports.stages import GONE, Check, Done, HeaderWriter, Respond, Stage
from pyfly.web.responses import AsgiCallable, Receive, Reply, Scope, Send
from pyfly.web.routing.refusing import GIVEN_UP, Refusals
from pyfly.web.routing.request_id import RequestIds, current_request_id
from pyfly.web.routing.streamed import StreamedReply

Dispatch = Callable[[Scope, Receive, Send], Awaitable[int]]
"""Answers a request and returns the status that was sent."""


def dispatcher(
    innermost: Respond,
    translator: ErrorTranslator,
    request_ids: RequestIds | None,
    stages: Sequence[Stage] = (),
) -> AsgiCallable:
    """Return the ASGI callable that answers a request: *innermost* within *stages*, failures translated.

    Args:
        innermost: Routing and handlers.
        translator: Makes error responses of what the stages and *innermost* raise.
        request_ids: Finds or makes the id of each request, or ``None`` for requests without one.
        stages: What else is to happen, outermost first.
    """
    checks: list[Check] = _places(stages, "check")
    writers = _writers(stages, request_ids)
    observers: list[Done] = _places(stages, "done")
    dispatch = _answering(_folded(stages, innermost), checks, writers, translator)
    if request_ids is None and not observers:
        return cast("AsgiCallable", dispatch)
    return _entered(dispatch, request_ids, observers)


def refusals_of(
    translator: ErrorTranslator, request_ids: RequestIds | None, stages: Sequence[Stage]
) -> Refusals:
    """Return what words the answers of a server as :func:`dispatcher` does those of the application."""
    return Refusals(translator, request_ids, _writers(stages, request_ids), _places(stages, "done"))


def _writers(stages: Sequence[Stage], request_ids: RequestIds | None) -> list[HeaderWriter]:
    writers: list[HeaderWriter] = _places(stages, "headers")
    return writers if request_ids is None else [request_ids.write, *writers]


def _places(stages: Sequence[Stage], name: str) -> list[Any]:
    return [found for stage in stages if (found := getattr(stage, name)) is not None]


def _folded(stages: Sequence[Stage], innermost: Respond) -> Respond:
    respond = innermost
    for stage in reversed(stages):
        if stage.around is not None:
            respond = stage.around(respond)
    return respond


def _answering(
    respond: Respond, checks: Sequence[Check], writers: Sequence[HeaderWriter], translator: ErrorTranslator
) -> Dispatch:
    async def dispatch(scope: Scope, receive: Receive, send: Send) -> int:
        reply: Reply
        try:
            for check in checks:
                check(scope)
            reply = await respond(scope, receive)
        except ClientDisconnected:
            return GONE
        except Exception as failure:  # noqa: BLE001  # every failure of a request becomes its answer
            reply = translator.reply(failure, scope, current_request_id.get())
        if not isinstance(reply, tuple):
            sent = await StreamedReply(reply, writers, translator).send(scope, receive, send)
            if isinstance(sent, int):
                return sent
            reply = sent
        status, headers, body = reply
        for write in writers:
            write(scope, headers)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return status

    return dispatch


def _entered(dispatch: Dispatch, request_ids: RequestIds | None, observers: Sequence[Done]) -> AsgiCallable:
    """Return *dispatch* with the id of the request in the context, and *observers* told about the end."""
    id_of = request_ids.of if request_ids is not None else _no_id

    async def entered(scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        status = GONE
        token = current_request_id.set(id_of(scope))
        try:
            status = await dispatch(scope, receive, send)
        except Exception:
            status = 500
            raise
        finally:
            if observers:
                seconds = perf_counter() - started
                if status == GONE and GIVEN_UP in scope:
                    status, given = scope[GIVEN_UP]
                    current_request_id.set(given)
                for tell in observers:
                    tell(scope, status, seconds)
            current_request_id.reset(token)

    return entered


def _no_id(_scope: Scope) -> str:
    return ""
