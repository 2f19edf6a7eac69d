"""``RequestLoggingMiddleware``: the access log around any ASGI application."""

from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.adapters.starlette.filters.request_logging_filter import RequestLoggingFilter
from pyfly.web.responses import AsgiCallable


class RequestLoggingMiddleware(WebFilterChainMiddleware):
    """Runs a :class:`RequestLoggingFilter` around an application."""

    def __init__(self, app: AsgiCallable) -> None:
        """Run it around *app*."""
        super().__init__(app, [RequestLoggingFilter()])
