"""Swagger UI and ReDoc as pages of HTML that load nothing from elsewhere and run no script but their own."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from json import dumps
from typing import Final, NamedTuple

_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src {connect}; "
    "img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src blob:; "
    "script-src 'self' 'sha256-{digest}'"
)
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/png" href="{assets}/swagger-ui/favicon-32x32.png">
{style}
</head>
<body style="margin: 0">
<div id="{mount}"></div>
<noscript>This page needs JavaScript. The document itself is at {url}.</noscript>
<script src="{assets}/{script}"></script>
<script>{start}</script>
</body>
</html>
"""


class Viewer(NamedTuple):
    """A program that shows the document.

    Attributes:
        mount: The id of the element that it fills.
        script: Its program, below the assets.
        start: What starts it, with a place for the URL of the document.
        style: Its style sheet, below the assets, if any.
    """

    mount: str
    script: str
    start: str
    style: str = ""


SWAGGER_UI: Final = Viewer(
    "swagger-ui",
    "swagger-ui/swagger-ui-bundle.js",
    "SwaggerUIBundle({{url: {url}, dom_id: '#swagger-ui', layout: 'BaseLayout', deepLinking: true, filter: true, "
    "persistAuthorization: true, displayRequestDuration: true, operationsSorter: 'alpha', tagsSorter: 'alpha', "
    "validatorUrl: null}});",
    "swagger-ui/swagger-ui.css",
)
REDOC: Final = Viewer(
    "redoc",
    "redoc/redoc.standalone.js",
    "Redoc.init({url}, {{expandResponses: '200,201', hideDownloadButton: false}}, document.getElementById('redoc'));",
)


class Page(NamedTuple):
    """A page, and the content security policy that it is to be sent with."""

    html: bytes
    policy: bytes


def render(viewer: Viewer, title: str, url: str, assets: str, connect: str = "'self'") -> Page:
    """Return the page on which *viewer* shows the document at *url*.

    Args:
        viewer: The program.
        title: The title of the page; shown as text, whatever it contains.
        url: Where the document is.
        assets: Where the files of the viewers are.
        connect: Where the page may send requests, as content security policies say it.
    """
    # "</script>" and "<!--" inside a string would end or hide the script.
    start = viewer.start.format(url=dumps(url).replace("<", "\\u003c"))
    style = f'<link rel="stylesheet" href="{escape(assets)}/{viewer.style}">' if viewer.style else ""
    html = _PAGE.format(
        title=escape(title),
        assets=escape(assets),
        url=escape(url),
        style=style,
        mount=viewer.mount,
        script=viewer.script,
        start=start,
    )
    digest = b64encode(sha256(start.encode()).digest()).decode()
    return Page(html.encode(), _POLICY.format(digest=digest, connect=connect).encode("latin-1"))
