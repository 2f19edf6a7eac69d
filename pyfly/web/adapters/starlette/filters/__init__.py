"""The built-in stages as filters, for whoever puts a chain together by hand.

An application of this framework does the same without them, for every response: see :mod:`pyfly.web.stages`.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.adapters.starlette.filters.request_logging_filter import RequestLoggingFilter
    from pyfly.web.adapters.starlette.filters.security_headers_filter import SecurityHeadersFilter
    from pyfly.web.adapters.starlette.filters.transaction_id_filter import TransactionIdFilter

__all__ = ["RequestLoggingFilter", "SecurityHeadersFilter", "TransactionIdFilter"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "RequestLoggingFilter": "pyfly.web.adapters.starlette.filters.request_logging_filter",
        "SecurityHeadersFilter": "pyfly.web.adapters.starlette.filters.security_headers_filter",
        "TransactionIdFilter": "pyfly.web.adapters.starlette.filters.transaction_id_filter",
    },
)
