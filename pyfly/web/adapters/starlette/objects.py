"""The request and response objects that handlers and filters see when they ask for them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pyfly.web.binding.readers import limited, replay
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope
from pyfly.web.routing.chain import ChainObjects

__all__ = ["Request", "Response", "chain_objects", "request_of"]

_SCOPE_KEY = "pyfly.request"


class FilterRequest(Request):
    """The request that filters share; its body may be read by a filter and again by the handler."""

    buffered: bytes | None = None

    async def body(self) -> bytes:
        """Return the body and keep it for whoever reads it next."""
        self.buffered = await super().body()
        return self.buffered


class CompleteResponse(Response):
    """A response whose bytes and headers exist already."""

    def __init__(self, status_code: int, raw_headers: RawHeaders, body: bytes) -> None:
        """Answer with exactly this."""
        self.status_code = status_code
        self.raw_headers = raw_headers
        self.body = body
        self.background = None


def request_of(scope: Scope, receive: Receive) -> Request:
    """Return the request object: the one that the filters had, or a new one."""
    found: Request | None = scope.get(_SCOPE_KEY)
    return Request(scope, receive) if found is None else found


def chain_objects(max_body_size: int) -> ChainObjects:
    """Return how the filter chain makes its objects."""

    def request(scope: Scope, receive: Receive) -> FilterRequest:
        made = scope[_SCOPE_KEY] = FilterRequest(scope, limited(receive, max_body_size))
        return made

    return ChainObjects(request, _response, _receive_of)


def _response(reply: Reply) -> Any:
    return CompleteResponse(*reply) if isinstance(reply, tuple) else reply


def _receive_of(request: FilterRequest) -> Receive:
    return request.receive if request.buffered is None else replay(request.buffered)
