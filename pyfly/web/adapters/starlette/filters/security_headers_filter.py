"""``SecurityHeadersFilter``: security headers, as a filter."""

from typing import Any

from pyfly.container.ordering import HIGHEST_PRECEDENCE, order
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.ports.filter import CallNext
from pyfly.web.security_headers.properties import SecurityHeadersConfig
from pyfly.web.security_headers.writing import headers_of


@order(HIGHEST_PRECEDENCE + 300)
class SecurityHeadersFilter(OncePerRequestFilter):
    """Sets the headers of a :class:`SecurityHeadersConfig` on every response that passes."""

    def __init__(self, config: SecurityHeadersConfig | None = None) -> None:
        """Set the headers of *config*, or the usual ones."""
        found = config or SecurityHeadersConfig()
        self._plain = _texts(found, tls=False)
        self._secure = _texts(found, tls=True)

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        """Return the response with the headers."""
        response = await call_next(request)
        for name, value in self._secure if request.url.scheme == "https" else self._plain:
            response.headers[name] = value
        return response


def _texts(config: SecurityHeadersConfig, *, tls: bool) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers_of(config, tls=tls)]
