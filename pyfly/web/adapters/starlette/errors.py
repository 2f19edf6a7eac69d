"""Starlette's own exceptions given a place among ours, and our error responses for Starlette applications."""

from functools import cache
from typing import Any, Final, cast

from pyfly.kernel.exceptions import PyFlyException
from pyfly.web.errors.converters import JSONExceptionConverter, PydanticExceptionConverter
from pyfly.web.errors.exceptions import ResponseStatusException
from pyfly.web.errors.renderers import EnvelopeRenderer
from pyfly.web.errors.translation import ErrorTranslator

_HTTP_EXCEPTION: Final = ("starlette.exceptions", "HTTPException")
_CLIENT_DISCONNECT: Final = ("starlette.requests", "ClientDisconnect")


class StarletteExceptionConverter:
    """``HTTPException`` keeps its status, detail and headers.

    The classes are known by name: whoever raises them has imported them, and nobody else needs to.
    """

    def can_handle(self, exc: Exception) -> bool:
        """Say whether *exc* is one of Starlette's."""
        return _is(exc, _HTTP_EXCEPTION) or _is(exc, _CLIENT_DISCONNECT)

    def convert(self, exc: Exception) -> PyFlyException:
        """Return *exc* as an exception with a status."""
        if _is(exc, _CLIENT_DISCONNECT):
            return ResponseStatusException(400, "The client disconnected", code="CLIENT_DISCONNECTED")
        found = cast("Any", exc)
        return ResponseStatusException(found.status_code, found.detail, headers=found.headers)


def _is(exc: Exception, name: tuple[str, str]) -> bool:
    return any((base.__module__, base.__name__) == name for base in type(exc).__mro__)


async def global_exception_handler(request: Any, exc: Exception) -> Any:
    """Return the error envelope for *exc*, as an exception handler of a Starlette application.

    The transaction id is that of ``request.state``, if there is one.
    """
    from starlette.responses import JSONResponse

    request_id = getattr(request.state, "transaction_id", "") or ""
    status, headers, body = _envelopes().reply(exc, request.scope, request_id)
    response = JSONResponse(None, status)
    response.body = body
    response.raw_headers = headers
    return response


@cache
def _envelopes() -> ErrorTranslator:
    converters = (StarletteExceptionConverter(), PydanticExceptionConverter(), JSONExceptionConverter())
    return ErrorTranslator(EnvelopeRenderer(), converters)
