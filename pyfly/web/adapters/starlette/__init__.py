"""Starlette's request and response classes, and applications in its manner (extra ``web``)."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.adapters.starlette.adapter import StarletteWebAdapter
    from pyfly.web.adapters.starlette.app import create_app
    from pyfly.web.adapters.starlette.controller import ControllerRegistrar
    from pyfly.web.adapters.starlette.docs import (
        make_openapi_endpoint,
        make_redoc_endpoint,
        make_swagger_ui_endpoint,
    )
    from pyfly.web.adapters.starlette.errors import global_exception_handler
    from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
    from pyfly.web.adapters.starlette.filters.request_logging_filter import RequestLoggingFilter
    from pyfly.web.adapters.starlette.filters.security_headers_filter import SecurityHeadersFilter
    from pyfly.web.adapters.starlette.filters.transaction_id_filter import TransactionIdFilter
    from pyfly.web.adapters.starlette.middleware import TransactionIdMiddleware
    from pyfly.web.adapters.starlette.request_logger import RequestLoggingMiddleware
    from pyfly.web.adapters.starlette.resolver import ParameterResolver
    from pyfly.web.adapters.starlette.response import handle_return_value
    from pyfly.web.adapters.starlette.security_headers import SecurityHeadersMiddleware

__all__ = [
    "ControllerRegistrar",
    "ParameterResolver",
    "RequestLoggingFilter",
    "RequestLoggingMiddleware",
    "SecurityHeadersFilter",
    "SecurityHeadersMiddleware",
    "StarletteWebAdapter",
    "TransactionIdFilter",
    "TransactionIdMiddleware",
    "WebFilterChainMiddleware",
    "create_app",
    "global_exception_handler",
    "handle_return_value",
    "make_openapi_endpoint",
    "make_redoc_endpoint",
    "make_swagger_ui_endpoint",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ControllerRegistrar": "pyfly.web.adapters.starlette.controller",
        "ParameterResolver": "pyfly.web.adapters.starlette.resolver",
        "RequestLoggingFilter": "pyfly.web.adapters.starlette.filters.request_logging_filter",
        "RequestLoggingMiddleware": "pyfly.web.adapters.starlette.request_logger",
        "SecurityHeadersFilter": "pyfly.web.adapters.starlette.filters.security_headers_filter",
        "SecurityHeadersMiddleware": "pyfly.web.adapters.starlette.security_headers",
        "StarletteWebAdapter": "pyfly.web.adapters.starlette.adapter",
        "TransactionIdFilter": "pyfly.web.adapters.starlette.filters.transaction_id_filter",
        "TransactionIdMiddleware": "pyfly.web.adapters.starlette.middleware",
        "WebFilterChainMiddleware": "pyfly.web.adapters.starlette.filter_chain",
        "create_app": "pyfly.web.adapters.starlette.app",
        "global_exception_handler": "pyfly.web.adapters.starlette.errors",
        "handle_return_value": "pyfly.web.adapters.starlette.response",
        **dict.fromkeys(
            ("make_openapi_endpoint", "make_redoc_endpoint", "make_swagger_ui_endpoint"),
            "pyfly.web.adapters.starlette.docs",
        ),
    },
)
