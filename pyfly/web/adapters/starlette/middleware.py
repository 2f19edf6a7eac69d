"""``TransactionIdMiddleware``: the id of each request, around any ASGI application."""

from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.adapters.starlette.filters.transaction_id_filter import TransactionIdFilter
from pyfly.web.responses import AsgiCallable


class TransactionIdMiddleware(WebFilterChainMiddleware):
    """Runs a :class:`TransactionIdFilter` around an application."""

    def __init__(self, app: AsgiCallable) -> None:
        """Run it around *app*."""
        super().__init__(app, [TransactionIdFilter()])
