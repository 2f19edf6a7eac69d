"""``RequestLoggingFilter``: the access log, as a filter."""

from time import perf_counter
from typing import Any

from pyfly.container.ordering import HIGHEST_PRECEDENCE, order
from pyfly.logging import StructlogAdapter
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.ports.filter import CallNext


@order(HIGHEST_PRECEDENCE + 200)
class RequestLoggingFilter(OncePerRequestFilter):
    """Logs ``http_request`` for each response and ``http_request_failed`` for each exception that passes."""

    def __init__(self) -> None:
        """Log to the logger ``pyfly.web``."""
        self._log = StructlogAdapter().get_logger("pyfly.web")

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        """Run the rest of the chain, and log how it ended."""
        started = perf_counter()
        try:
            response = await call_next(request)
        except Exception as failure:
            failed = {"error": str(failure), "error_type": type(failure).__name__}
            self._log.error("http_request_failed", **_fields(request, started), **failed)
            raise
        self._log.info("http_request", **_fields(request, started), status_code=response.status_code)
        return response


def _fields(request: Any, started: float) -> dict[str, object]:
    return {
        "method": request.method,
        "path": request.url.path,
        "duration_ms": round((perf_counter() - started) * 1000, 2),
        "transaction_id": getattr(request.state, "transaction_id", None),
    }
