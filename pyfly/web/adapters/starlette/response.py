"""``handle_return_value``: what a handler returned, as a response of Starlette."""

from typing import Any, cast

from starlette.responses import JSONResponse, Response

from pyfly.web.adapters.starlette.objects import CompleteResponse
from pyfly.web.binding.results import answer, dump_anything, is_asgi_response
from pyfly.web.responses import ResponseEntity


class ResultResponse(JSONResponse):
    """Data as JSON, written in one pass: models, dataclasses, dates, decimals and what contains them."""

    def render(self, content: Any) -> bytes:
        """Return *content* as JSON."""
        return dump_anything(content)


def handle_return_value(result: Any, status_code: int = 200) -> Response:
    """Return the response for *result*, going by its own type.

    ``None`` is an empty body (204, unless *status_code* says otherwise), a response is that very object, an
    entity speaks for itself, bytes are sent as they are, everything else is JSON.
    """
    if is_asgi_response(result):
        return cast("Response", result)
    if result is None or isinstance(result, bytes | ResponseEntity):
        reply = answer(result, status_code)
        return CompleteResponse(*reply) if isinstance(reply, tuple) else cast("Response", reply)
    return ResultResponse(result, status_code)
