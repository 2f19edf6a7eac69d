"""``SecurityHeadersMiddleware``: security headers around any ASGI application."""

from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.adapters.starlette.filters.security_headers_filter import SecurityHeadersFilter
from pyfly.web.responses import AsgiCallable
from pyfly.web.security_headers.properties import SecurityHeadersConfig


class SecurityHeadersMiddleware(WebFilterChainMiddleware):
    """Runs a :class:`SecurityHeadersFilter` around an application."""

    def __init__(self, app: AsgiCallable, config: SecurityHeadersConfig | None = None) -> None:
        """Set the headers of *config*, or the usual ones, on the responses of *app*."""
        super().__init__(app, [SecurityHeadersFilter(config)])
