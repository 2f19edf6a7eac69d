"""``TransactionIdFilter``: the id of a request, as a filter."""

from typing import Any, Final

from pyfly.container.ordering import HIGHEST_PRECEDENCE, order
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.ports.filter import CallNext
from pyfly.web.routing.request_id import RequestIds, current_request_id

HEADER: Final = "X-Transaction-Id"


@order(HIGHEST_PRECEDENCE + 100)
class TransactionIdFilter(OncePerRequestFilter):
    """Gives each request an id, accepted from the client if it is well-formed, and sends it back.

    It is in ``request.state.transaction_id``. Inside an application that does this anyway, the filter takes
    the id that the request has.
    """

    def __init__(self) -> None:
        """Accept and answer with ``X-Transaction-Id``."""
        self._ids = RequestIds(HEADER)

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        """Run the rest of the chain with an id in the context."""
        known = current_request_id.get()
        request_id = known or self._ids.of(request.scope)
        request.state.transaction_id = request_id
        if known:
            return await call_next(request)
        token = current_request_id.set(request_id)
        try:
            response = await call_next(request)
        finally:
            current_request_id.reset(token)
        response.headers[HEADER] = request_id
        return response
