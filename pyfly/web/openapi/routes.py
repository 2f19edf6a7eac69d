"""The routes of the document and of the pages that show it, all from files of this package."""

from collections.abc import Sequence
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web.openapi.document import Document
from pyfly.web.ports.routes import Endpoint, RawRoute
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope

_MEDIA_TYPES: Final = {
    "swagger-ui/swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "swagger-ui/swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui/favicon-32x32.png": b"image/png",
    "redoc/redoc.standalone.js": b"text/javascript; charset=utf-8",
}
_HTML: Final = b"text/html; charset=utf-8"


def docs_routes(document: Document, base_path: str) -> list[RawRoute]:
    """Return the routes of *document*, Swagger UI, ReDoc and their files."""

    async def openapi(_scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
        from pyfly.web.openapi.writing import content_of  # only who asks for the document needs it

        return _complete(content_of(document), b"application/json")

    return [
        RawRoute("GET", "/openapi.json", openapi),
        RawRoute("GET", "/docs", _page(document, base_path, "SWAGGER_UI")),
        RawRoute("GET", "/redoc", _page(document, base_path, "REDOC")),
        RawRoute("GET", "/docs/assets/{name:path}", asset),
    ]


async def asset(_scope: Scope, _receive: Receive, path: tuple[str, ...]) -> Reply:
    """Answer with a file of the viewers.

    Raises:
        ResourceNotFoundException: It is none of those that the pages need.
    """
    media_type = _MEDIA_TYPES.get(path[0])
    if media_type is None:
        raise ResourceNotFoundException("There is nothing at this path", code="NOT_FOUND")
    return _complete(_read(path[0]), media_type, (b"cache-control", b"public, max-age=86400"))


@cache
def _read(name: str) -> bytes:
    from importlib.resources import files  # only who looks at the pages needs it

    return files("pyfly.web.openapi").joinpath("assets", *name.split("/")).read_bytes()


def _page(document: Document, base_path: str, viewer: str) -> Endpoint:
    async def page(scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
        from pyfly.web.openapi import pages  # imported when somebody looks
        from pyfly.web.openapi.writing import settings_of

        base = scope.get("root_path", "") + base_path
        said = settings_of(document)
        connect = " ".join(["'self'", *_origins(said.servers)])
        html, policy = pages.render(
            getattr(pages, viewer), said.title, f"{base}/openapi.json", f"{base}/docs/assets", connect
        )
        return _complete(html, _HTML, (b"content-security-policy", policy))

    return page


def _origins(servers: Sequence[str]) -> list[str]:
    """Return the origins of *servers*, which Swagger UI has to reach when somebody tries an operation out."""
    parts = [urlsplit(server) for server in servers]
    return [f"{part.scheme}://{part.netloc}" for part in parts if part.scheme and part.netloc]


def _complete(body: bytes, media_type: bytes, *extra: tuple[bytes, bytes]) -> Reply:
    headers: RawHeaders = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *extra]
    return 200, headers, body
