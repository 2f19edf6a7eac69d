"""Endpoints for applications of Starlette that serve a document and its pages themselves."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from pyfly.web.openapi.pages import REDOC, SWAGGER_UI, Viewer, render

DocsEndpoint = Callable[[Request], Awaitable[Response]]
ASSETS = "docs/assets"


def make_openapi_endpoint(spec_dict: Mapping[str, Any]) -> DocsEndpoint:
    """Return the endpoint that answers with *spec_dict*, written as JSON once."""
    content = to_json(spec_dict)

    async def openapi(_request: Request) -> Response:
        return Response(content, media_type="application/json")

    return openapi


def make_swagger_ui_endpoint(title: str, openapi_url: str = "/openapi.json") -> DocsEndpoint:
    """Return the endpoint of a page on which Swagger UI shows the document at *openapi_url*.

    Its files are those below ``/docs/assets`` of an application made by ``create_app``.
    """
    return _page(SWAGGER_UI, title, openapi_url)


def make_redoc_endpoint(title: str, openapi_url: str = "/openapi.json") -> DocsEndpoint:
    """Return the endpoint of a page on which ReDoc shows the document at *openapi_url*."""
    return _page(REDOC, title, openapi_url)


def _page(viewer: Viewer, title: str, openapi_url: str) -> DocsEndpoint:
    where = urlsplit(openapi_url)
    base = where.path.rpartition("/")[0]
    connect = f"'self' {where.scheme}://{where.netloc}" if where.netloc else "'self'"
    html, policy = render(viewer, title, openapi_url, f"{base}/{ASSETS}", connect)

    async def page(_request: Request) -> Response:
        headers = {"content-security-policy": policy.decode("latin-1")}
        return Response(html, media_type="text/html", headers=headers)

    return page
