"""Controllers, routes, requests and responses: the HTTP side of an application.

Mapping decorators and parameter markers say what a handler answers and takes; everything else (binding,
validation, serialisation, errors, the OpenAPI document) is compiled from its signature at start-up.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.container.stereotypes import rest_controller
    from pyfly.web.adapters.starlette.app import create_app
    from pyfly.web.adapters.starlette.objects import Request, Response
    from pyfly.web.application import WebApplication
    from pyfly.web.errors.exceptions import ResponseStatusException
    from pyfly.web.errors.renderers import ProblemDetail
    from pyfly.web.exception_handler import exception_handler
    from pyfly.web.filters import OncePerRequestFilter
    from pyfly.web.mappings import (
        delete_mapping,
        get_mapping,
        patch_mapping,
        post_mapping,
        put_mapping,
        request_mapping,
    )
    from pyfly.web.params import Body, Cookie, Header, PathVar, QueryParam, Valid
    from pyfly.web.ports.errors import ErrorRenderer, ExceptionConverter, RenderedError, RequestInfo
    from pyfly.web.ports.filter import CallNext, WebFilter
    from pyfly.web.properties import WebProperties
    from pyfly.web.responses import ResponseEntity

__all__ = [
    "Body",
    "CallNext",
    "Cookie",
    "ErrorRenderer",
    "ExceptionConverter",
    "Header",
    "OncePerRequestFilter",
    "PathVar",
    "ProblemDetail",
    "QueryParam",
    "RenderedError",
    "Request",
    "RequestInfo",
    "Response",
    "ResponseEntity",
    "ResponseStatusException",
    "Valid",
    "WebApplication",
    "WebFilter",
    "WebProperties",
    "create_app",
    "delete_mapping",
    "exception_handler",
    "get_mapping",
    "patch_mapping",
    "post_mapping",
    "put_mapping",
    "request_mapping",
    "rest_controller",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        **dict.fromkeys(
            ("Body", "Cookie", "Header", "PathVar", "QueryParam", "Valid"), "pyfly.web.params.markers"
        ),
        **dict.fromkeys(
            (
                "delete_mapping",
                "get_mapping",
                "patch_mapping",
                "post_mapping",
                "put_mapping",
                "request_mapping",
            ),
            "pyfly.web.mappings",
        ),
        "CallNext": "pyfly.web.ports.filter",
        "ErrorRenderer": "pyfly.web.ports.errors",
        "ExceptionConverter": "pyfly.web.ports.errors",
        "OncePerRequestFilter": "pyfly.web.filters",
        "ProblemDetail": "pyfly.web.errors.renderers",
        "RenderedError": "pyfly.web.ports.errors",
        "Request": "pyfly.web.adapters.starlette.objects",
        "RequestInfo": "pyfly.web.ports.errors",
        "Response": "pyfly.web.adapters.starlette.objects",
        "ResponseEntity": "pyfly.web.responses",
        "ResponseStatusException": "pyfly.web.errors.exceptions",
        "WebApplication": "pyfly.web.application",
        "WebFilter": "pyfly.web.ports.filter",
        "WebProperties": "pyfly.web.properties",
        "create_app": "pyfly.web.adapters.starlette.app",
        "exception_handler": "pyfly.web.exception_handler",
        "rest_controller": "pyfly.container.stereotypes",
    },
)
