"""Controllers, routes, requests and responses: the HTTP side of an application.

Mapping decorators and parameter markers say what a handler answers and takes; everything else (binding,
validation, serialisation, errors, the OpenAPI document) is compiled from its signature at start-up.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.container.stereotypes import controller, rest_controller
    from pyfly.web.adapters.starlette.app import create_app
    from pyfly.web.adapters.starlette.controller import ControllerRegistrar
    from pyfly.web.adapters.starlette.objects import Request, Response
    from pyfly.web.adapters.starlette.request_logger import RequestLoggingMiddleware
    from pyfly.web.adapters.starlette.response import handle_return_value
    from pyfly.web.adapters.starlette.security_headers import SecurityHeadersMiddleware
    from pyfly.web.application import WebApplication
    from pyfly.web.background.tasks import BackgroundTasks
    from pyfly.web.cors.properties import CORSConfig
    from pyfly.web.errors.exceptions import ResponseStatusException
    from pyfly.web.errors.renderers import ProblemDetail
    from pyfly.web.exception_handler import controller_advice, exception_handler
    from pyfly.web.filters import OncePerRequestFilter
    from pyfly.web.forms.uploads import UploadedFile
    from pyfly.web.idempotency.mapping import idempotent
    from pyfly.web.idempotency.ports import IdempotencyStore
    from pyfly.web.mappings import (
        delete_mapping,
        get_mapping,
        patch_mapping,
        post_mapping,
        put_mapping,
        request_mapping,
    )
    from pyfly.web.mounts.mount import AsgiMount
    from pyfly.web.params import Body, Cookie, File, Form, Header, PathVar, QueryParam, Sortable, Valid
    from pyfly.web.ports.arguments import Argument, ArgumentResolver, Documented
    from pyfly.web.ports.errors import ErrorRenderer, ExceptionConverter, RenderedError, RequestInfo
    from pyfly.web.ports.filter import CallNext, WebFilter
    from pyfly.web.ports.messages import HttpMessageConverter
    from pyfly.web.ports.stages import RequestObserver, Stage
    from pyfly.web.ports.templates import TemplateEngine
    from pyfly.web.properties import WebProperties
    from pyfly.web.responses import ResponseEntity
    from pyfly.web.security_headers.properties import SecurityHeadersConfig
    from pyfly.web.stages.parts import StageSource
    from pyfly.web.streaming.files import FileContent
    from pyfly.web.streaming.mapping import sse_mapping
    from pyfly.web.streaming.types import ByteStream, EventStream, JsonLines, ServerSentEvent
    from pyfly.web.use_filters import use_filters
    from pyfly.web.versioning.deprecation import deprecated_api
    from pyfly.web.versions import api_version
    from pyfly.web.views.types import Redirect, View, view
    from pyfly.web.websocket.exceptions import WebSocketDisconnected, WebSocketException
    from pyfly.web.websocket.mapping import websocket_mapping
    from pyfly.web.websocket.session import WebSocketSession

__all__ = [
    "Argument",
    "ArgumentResolver",
    "AsgiMount",
    "BackgroundTasks",
    "Body",
    "ByteStream",
    "CORSConfig",
    "CallNext",
    "ControllerRegistrar",
    "Cookie",
    "Documented",
    "ErrorRenderer",
    "EventStream",
    "ExceptionConverter",
    "File",
    "FileContent",
    "Form",
    "Header",
    "HttpMessageConverter",
    "IdempotencyStore",
    "JsonLines",
    "OncePerRequestFilter",
    "PathVar",
    "ProblemDetail",
    "QueryParam",
    "Redirect",
    "RenderedError",
    "Request",
    "RequestInfo",
    "RequestLoggingMiddleware",
    "RequestObserver",
    "Response",
    "ResponseEntity",
    "ResponseStatusException",
    "SecurityHeadersConfig",
    "SecurityHeadersMiddleware",
    "ServerSentEvent",
    "Sortable",
    "Stage",
    "StageSource",
    "TemplateEngine",
    "UploadedFile",
    "Valid",
    "View",
    "WebApplication",
    "WebFilter",
    "WebProperties",
    "WebSocketDisconnected",
    "WebSocketException",
    "WebSocketSession",
    "api_version",
    "controller",
    "controller_advice",
    "create_app",
    "delete_mapping",
    "deprecated_api",
    "exception_handler",
    "get_mapping",
    "handle_return_value",
    "idempotent",
    "patch_mapping",
    "post_mapping",
    "put_mapping",
    "request_mapping",
    "rest_controller",
    "sse_mapping",
    "use_filters",
    "view",
    "websocket_mapping",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        **dict.fromkeys(
            ("Body", "Cookie", "File", "Form", "Header", "PathVar", "QueryParam", "Sortable", "Valid"),
            "pyfly.web.params.markers",
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
        "Argument": "pyfly.web.ports.arguments",
        "ArgumentResolver": "pyfly.web.ports.arguments",
        "BackgroundTasks": "pyfly.web.background.tasks",
        "Documented": "pyfly.web.ports.arguments",
        "Redirect": "pyfly.web.views.types",
        "TemplateEngine": "pyfly.web.ports.templates",
        "UploadedFile": "pyfly.web.forms.uploads",
        "View": "pyfly.web.views.types",
        "controller": "pyfly.container.stereotypes",
        "view": "pyfly.web.views.types",
        "AsgiMount": "pyfly.web.mounts.mount",
        "CORSConfig": "pyfly.web.cors.properties",
        **dict.fromkeys(
            ("ByteStream", "EventStream", "JsonLines", "ServerSentEvent"), "pyfly.web.streaming.types"
        ),
        "CallNext": "pyfly.web.ports.filter",
        "ControllerRegistrar": "pyfly.web.adapters.starlette.controller",
        "RequestLoggingMiddleware": "pyfly.web.adapters.starlette.request_logger",
        "SecurityHeadersMiddleware": "pyfly.web.adapters.starlette.security_headers",
        "handle_return_value": "pyfly.web.adapters.starlette.response",
        "ErrorRenderer": "pyfly.web.ports.errors",
        "ExceptionConverter": "pyfly.web.ports.errors",
        "FileContent": "pyfly.web.streaming.files",
        "HttpMessageConverter": "pyfly.web.ports.messages",
        "OncePerRequestFilter": "pyfly.web.filters",
        "ProblemDetail": "pyfly.web.errors.renderers",
        "RenderedError": "pyfly.web.ports.errors",
        "Request": "pyfly.web.adapters.starlette.objects",
        "RequestInfo": "pyfly.web.ports.errors",
        "RequestObserver": "pyfly.web.ports.stages",
        "Response": "pyfly.web.adapters.starlette.objects",
        "ResponseEntity": "pyfly.web.responses",
        "ResponseStatusException": "pyfly.web.errors.exceptions",
        "SecurityHeadersConfig": "pyfly.web.security_headers.properties",
        "Stage": "pyfly.web.ports.stages",
        "StageSource": "pyfly.web.stages.parts",
        "WebApplication": "pyfly.web.application",
        "WebFilter": "pyfly.web.ports.filter",
        "WebProperties": "pyfly.web.properties",
        "WebSocketDisconnected": "pyfly.web.websocket.exceptions",
        "WebSocketException": "pyfly.web.websocket.exceptions",
        "WebSocketSession": "pyfly.web.websocket.session",
        "IdempotencyStore": "pyfly.web.idempotency.ports",
        "idempotent": "pyfly.web.idempotency.mapping",
        "api_version": "pyfly.web.versions",
        "deprecated_api": "pyfly.web.versioning.deprecation",
        "controller_advice": "pyfly.web.exception_handler",
        "create_app": "pyfly.web.adapters.starlette.app",
        "exception_handler": "pyfly.web.exception_handler",
        "rest_controller": "pyfly.container.stereotypes",
        "sse_mapping": "pyfly.web.streaming.mapping",
        "use_filters": "pyfly.web.use_filters",
        "websocket_mapping": "pyfly.web.websocket.mapping",
    },
)
