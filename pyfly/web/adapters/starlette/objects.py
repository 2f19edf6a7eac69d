"""The request and response objects that handlers and filters see when they ask for them."""

from collections.abc import AsyncGenerator
from typing import Any, TypeVar

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from pyfly.web.binding.readers import limited, replay
from pyfly.web.responses import (
    AsgiCallable,
    Message,
    RawHeaders,
    Receive,
    Reply,
    Scope,
    Send,
    refuse_line_breaks,
)
from pyfly.web.routing.chain import ChainObjects
from pyfly.web.routing.request_id import current_request_id

__all__ = ["Request", "Response", "chain_objects", "request_of"]

R = TypeVar("R", bound=Request)

_SCOPE_KEY = "pyfly.request"


class MissingResponseError(Exception):
    """A filter answered a request with nothing."""

    def __init__(self) -> None:
        """Say how a filter goes on."""
        super().__init__("a filter returned None; write: return await call_next(request)")


class FilterRequest(Request):
    """The request that filters share; its body may be read by a filter, in any way, and again by the handler."""

    buffered: bytes | None = None

    def __init__(self, scope: Scope, receive: Receive, max_body_size: int) -> None:
        """Let filters read at most *max_body_size* bytes; what is inside has limits of its own."""
        super().__init__(scope, limited(receive, max_body_size))
        self.source = receive
        self.taken: list[bytes] = []

    def receive_from(self, receive: Receive) -> None:
        """Read the body from *receive* now: who is inside may have read it already."""
        self._receive = receive
        self._stream_consumed = False
        self.taken = []

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it comes and keep it for whoever reads it next; ``body`` and ``form`` read it so too."""
        async for chunk in super().stream():
            if self.buffered is None:
                self.taken.append(chunk)
            yield chunk
        if self.buffered is None:
            self.buffered = self._body = b"".join(self.taken)


class ReplyHeaders(MutableHeaders):
    """The headers of a response; setting one that is not there yet, the usual case, is quick."""

    def __setitem__(self, key: str, value: str) -> None:
        name = key.lower().encode("latin-1")
        for found, _ in self._list:
            if found == name:
                super().__setitem__(key, value)
                return
        self._list.append((name, value.encode("latin-1")))


class CompleteResponse(Response):
    """A response whose bytes and headers exist already."""

    _seen: MutableHeaders | None = None

    def __init__(self, status_code: int, raw_headers: RawHeaders, body: bytes) -> None:
        """Answer with exactly this."""
        self.status_code = status_code
        self.raw_headers = raw_headers
        self.body = body
        self.background = None

    @property
    def headers(self) -> MutableHeaders:
        """The headers, to look at and to change."""
        seen = self._seen
        if seen is None:
            seen = self._seen = ReplyHeaders(raw=self.raw_headers)
        return seen


def request_of(scope: Scope, receive: Receive) -> Request:
    """Return the request object: the one that the filters had, or a new one."""
    found: FilterRequest | None = scope.get(_SCOPE_KEY)
    if found is None:
        return _identified(Request(scope, receive))
    if found.buffered is None:
        found.receive_from(receive)
    return found


def _identified(request: R) -> R:
    request_id = current_request_id.get()
    if request_id:
        request.state.transaction_id = request_id
    return request


def chain_objects(max_body_size: int) -> ChainObjects:
    """Return how the filter chain makes its objects."""

    def request(scope: Scope, receive: Receive) -> FilterRequest:
        made = scope[_SCOPE_KEY] = FilterRequest(scope, receive, max_body_size)
        return _identified(made)

    return ChainObjects(request, _response, _receive_of, _reply, _passed, _dropped)


class SelfSendingResponse(Response):
    """A reply that sends itself, with the status and headers that filters may look at and change."""

    def __init__(self, reply: Any) -> None:
        """Stand for *reply*, whose headers are shared."""
        self.status_code = reply.status_code
        self.raw_headers = reply.raw_headers
        self.background = None
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the reply send itself."""
        self._reply.status_code = self.status_code
        await self._reply(scope, receive, send)


def _response(reply: Reply) -> Any:
    if isinstance(reply, tuple):
        return CompleteResponse(*reply)
    if isinstance(reply, Response):
        return reply
    return SelfSendingResponse(reply)


def _reply(response: Any, scope: Scope) -> Reply:
    """Return a response that is complete as it is, instead of letting it send itself."""
    if response is None:
        raise MissingResponseError
    if response.background is None:
        if type(response) is CompleteResponse:
            # The request knows its scope and the other way round: left so, they would be garbage to collect.
            scope.pop(_SCOPE_KEY, None)
            refuse_line_breaks(response.raw_headers)
            return response.status_code, response.raw_headers, bytes(response.body)
        if type(response).__call__ is Response.__call__:
            refuse_line_breaks(response.raw_headers)
            # One response object may answer many requests, so its headers are not to be added to.
            return response.status_code, list(response.raw_headers), bytes(response.body)
    reply: Reply = response
    return reply


async def _passed(app: AsgiCallable, request: FilterRequest) -> Any:
    from pyfly.web.adapters.starlette.passing import Call  # for requests that other applications answer

    call = Call(app, request.scope, _receive_of(request))
    try:
        return await call.response()
    except BaseException:
        await call.close()
        raise


async def _dropped(response: Any) -> None:
    await response.call.close()


def _receive_of(request: FilterRequest) -> Receive:
    if request.buffered is not None:
        return replay(request.buffered, request.source)
    return _resumed(b"".join(request.taken), request.source) if request.taken else request.source


def _resumed(begun: bytes, receive: Receive) -> Receive:
    """Return a *receive* that begins with what has been read already."""

    async def deliver() -> Message:
        nonlocal begun
        if begun:
            body, begun = begun, b""
            return {"type": "http.request", "body": body, "more_body": True}
        return await receive()

    return deliver
