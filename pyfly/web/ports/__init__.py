"""What the web layer asks of others: filters, a server, a renderer of errors, converters, more routes."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.ports.errors import ErrorRenderer, ExceptionConverter, RenderedError, RequestInfo
    from pyfly.web.ports.filter import CallNext, WebFilter
    from pyfly.web.ports.openapi import OpenAPIContributor
    from pyfly.web.ports.outbound import WebServerPort
    from pyfly.web.ports.routes import RawRoute, RouteSource
    from pyfly.web.ports.stages import RequestObserver, Stage

__all__ = [
    "CallNext",
    "ErrorRenderer",
    "ExceptionConverter",
    "OpenAPIContributor",
    "RawRoute",
    "RenderedError",
    "RequestInfo",
    "RequestObserver",
    "RouteSource",
    "Stage",
    "WebFilter",
    "WebServerPort",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "CallNext": "pyfly.web.ports.filter",
        "ErrorRenderer": "pyfly.web.ports.errors",
        "ExceptionConverter": "pyfly.web.ports.errors",
        "OpenAPIContributor": "pyfly.web.ports.openapi",
        "RawRoute": "pyfly.web.ports.routes",
        "RenderedError": "pyfly.web.ports.errors",
        "RequestInfo": "pyfly.web.ports.errors",
        "RequestObserver": "pyfly.web.ports.stages",
        "RouteSource": "pyfly.web.ports.routes",
        "Stage": "pyfly.web.ports.stages",
        "WebFilter": "pyfly.web.ports.filter",
        "WebServerPort": "pyfly.web.ports.outbound",
    },
)
