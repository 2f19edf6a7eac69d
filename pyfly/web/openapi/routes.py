"""The routes of the document and of the pages that show it, all from files of this package."""

from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from json import dumps
from typing import Final

from pydantic_core import to_json

from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.metadata import RouteMetadata
from pyfly.web.ports.routes import Endpoint, RawRoute
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope

_MEDIA_TYPES: Final = {
    "swagger-ui/swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "swagger-ui/swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui/favicon-32x32.png": b"image/png",
    "redoc/redoc.standalone.js": b"text/javascript; charset=utf-8",
}
_HTML: Final = b"text/html; charset=utf-8"
_POLICY: Final = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; worker-src blob:; script-src 'self' 'sha256-{digest}'"
)

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/png" href="{base}/docs/assets/swagger-ui/favicon-32x32.png">
{style}
</head>
<body style="margin: 0">
<div id="{mount}"></div>
<noscript>This page needs JavaScript. The document itself is at {base}/openapi.json.</noscript>
<script src="{base}/docs/assets/{script}"></script>
<script>{start}</script>
</body>
</html>
"""
_SWAGGER: Final = (
    "SwaggerUIBundle({{url: {url}, dom_id: '#swagger-ui', layout: 'BaseLayout', deepLinking: true, filter: true, "
    "persistAuthorization: true, displayRequestDuration: true, operationsSorter: 'alpha', tagsSorter: 'alpha', "
    "validatorUrl: null}});"
)
_REDOC: Final = "Redoc.init({url}, {{expandResponses: '200,201', hideDownloadButton: false}}, document.getElementById('redoc'));"


@dataclass
class Document:
    """The document of an application; written when it is first asked for, then kept."""

    title: str
    version: str
    description: str
    metadata: tuple[RouteMetadata, ...]
    translator: ErrorTranslator
    _bytes: bytes | None = field(default=None, repr=False)

    def content(self) -> bytes:
        """Return the document as JSON."""
        if self._bytes is None:
            from pyfly.web.openapi.generator import OpenAPIGenerator  # only the document needs it

            generator = OpenAPIGenerator(self.title, self.version, self.description)
            self._bytes = to_json(
                generator.generate(
                    self.metadata,
                    errors=self.translator.renderer,
                    validation_status=self.translator.validation_status,
                )
            )
        return self._bytes


def docs_routes(document: Document, base_path: str) -> list[RawRoute]:
    """Return the routes of *document*, Swagger UI, ReDoc and their files."""
    style = '<link rel="stylesheet" href="{base}/docs/assets/swagger-ui/swagger-ui.css">'
    swagger = _page(document, base_path, "swagger-ui", "swagger-ui/swagger-ui-bundle.js", _SWAGGER, style)
    redoc = _page(document, base_path, "redoc", "redoc/redoc.standalone.js", _REDOC, "")

    async def openapi(_scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
        return _complete(document.content(), b"application/json")

    return [
        RawRoute("GET", "/openapi.json", openapi),
        RawRoute("GET", "/docs", swagger),
        RawRoute("GET", "/redoc", redoc),
        RawRoute("GET", "/docs/assets/{name:path}", _asset),
    ]


async def _asset(_scope: Scope, _receive: Receive, path: tuple[str, ...]) -> Reply:
    media_type = _MEDIA_TYPES.get(path[0])
    if media_type is None:
        raise ResourceNotFoundException("There is nothing at this path", code="NOT_FOUND")
    return _complete(_read(path[0]), media_type, (b"cache-control", b"public, max-age=86400"))


@cache
def _read(name: str) -> bytes:
    return files("pyfly.web.openapi").joinpath("assets", *name.split("/")).read_bytes()


def _page(document: Document, base_path: str, mount: str, script: str, start: str, style: str) -> Endpoint:
    async def page(scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
        base = escape(scope.get("root_path", "") + base_path)
        url = dumps(f"{scope.get('root_path', '')}{base_path}/openapi.json").replace("<", "\\u003c")
        code = start.format(url=url)
        html = _PAGE.format(
            title=escape(document.title),
            base=base,
            style=style.format(base=base),
            mount=mount,
            script=script,
            start=code,
        )
        digest = b64encode(sha256(code.encode()).digest()).decode()
        policy = _POLICY.format(digest=digest).encode()
        return _complete(html.encode(), _HTML, (b"content-security-policy", policy))

    return page


def _complete(body: bytes, media_type: bytes, *extra: tuple[bytes, bytes]) -> Reply:
    headers: RawHeaders = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *extra]
    return 200, headers, body
