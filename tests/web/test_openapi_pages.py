"""The pages that show the document: no foreign text becomes markup, no foreign script runs."""

import asyncio
import re
from html import unescape
from html.parser import HTMLParser
from itertools import product
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from pyfly.core.config.config import Config
from pyfly.web import get_mapping, rest_controller
from pyfly.web.adapters.starlette.docs import (
    make_openapi_endpoint,
    make_redoc_endpoint,
    make_swagger_ui_endpoint,
)
from pyfly.web.openapi.pages import REDOC, SWAGGER_UI, Viewer, render
from tests.web.support import assembled, client_for, client_of, container_of

# Ways out of a text, an attribute, a string of JavaScript, a comment; and ways to run something.
EXITS = ("", "'", '"', "</title>", "</script>", "-->", "\\", "\\'", "'>", '">', "]]>", "{x}", "{{x}}")
RUNS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "onmouseover=alert(1) ",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<!--<script>",
    ");alert(1);//",
)
CORPUS = [f"{way_out}{act}" for way_out, act in product(EXITS, RUNS)]


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.scripts: list[str] = []
        self.title = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside == "title":
            self.title += data


@rest_controller
class PingController:
    @get_mapping("/ping")
    async def ping(self) -> str:
        return "pong"


def test_the_corpus_has_a_hundred_texts() -> None:
    assert len(set(CORPUS)) >= 100


@pytest.mark.parametrize("viewer", [SWAGGER_UI, REDOC], ids=["swagger", "redoc"])
@pytest.mark.parametrize("text", CORPUS)
def test_no_title_and_no_url_becomes_markup_or_script(viewer: Viewer, text: str) -> None:
    harmless = Elements(render(viewer, "t", "/u", "/a").html.decode())
    page = Elements(render(viewer, text, f"/{text}/openapi.json", f"/{text}/docs").html.decode())
    assert page.tags == harmless.tags
    assert page.title == text
    assert len(page.scripts) == len(harmless.scripts) == 1
    assert "</" not in page.scripts[0]
    assert "<!--" not in page.scripts[0]
    # Outside of its one string literal, the script is what it is without the text.
    assert _without_strings(page.scripts[0]) == _without_strings(harmless.scripts[0])


def _without_strings(script: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', script)


async def test_a_mounted_application_escapes_where_it_is_mounted() -> None:
    app = assembled(container_of(PingController), title=CORPUS[5]).dispatch

    async def mounted(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await app({**scope, "root_path": "/<b>"}, receive, send)

    async with client_for(mounted) as client:
        page = await client.get("/docs")
    assert "<b>" not in page.text
    assert '"/\\u003cb>/openapi.json"' in page.text


async def test_the_policy_lets_the_pages_run_their_own_script_and_reach_the_servers_of_the_api() -> None:
    config = Config({"pyfly": {"web": {"openapi": {"servers": ["https://api.test/v1", "/relative"]}}}})
    async with client_of(PingController, config=config) as client:
        policy = (await client.get("/docs")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' https://api.test;" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]


async def test_endpoints_of_starlette_serve_a_document_and_its_pages() -> None:
    app = Starlette(
        routes=[
            Route("/v1/openapi.json", make_openapi_endpoint({"openapi": "3.1.0"})),
            Route("/docs", make_swagger_ui_endpoint("<b>Shop</b>", "/v1/openapi.json")),
            Route("/redoc", make_redoc_endpoint("Shop", "https://api.test/openapi.json")),
        ]
    )
    async with client_for(app) as client:
        document, swagger, redoc = await asyncio.gather(
            *(client.get(path) for path in ("/v1/openapi.json", "/docs", "/redoc"))
        )
    assert document.json() == {"openapi": "3.1.0"}
    assert "<b>" not in swagger.text
    assert "<title><b>Shop</b></title>" in unescape(swagger.text)
    assert "SwaggerUIBundle(" in swagger.text
    assert "/v1/docs/assets/swagger-ui/swagger-ui-bundle.js" in swagger.text
    assert "Redoc.init(" in redoc.text
    assert "connect-src 'self' https://api.test;" in redoc.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("settings", "served"),
    [
        ({}, True),
        ({"profiles": {"active": ["production"]}}, False),
        ({"profiles": {"active": ["production"]}, "web": {"docs": {"enabled": True}}}, True),
        ({"web": {"docs": {"enabled": False}}}, False),
    ],
    ids=["by default", "production", "production, enabled", "disabled"],
)
async def test_the_document_and_its_pages_are_off_in_production_unless_enabled(
    settings: dict[str, object], served: bool
) -> None:
    from pyfly.context import ApplicationContext
    from pyfly.web import create_app

    context = ApplicationContext(Config({"pyfly": settings}))
    context.register_bean(PingController)
    async with (
        context,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=create_app(context=context)), base_url="http://test"
        ) as client,
    ):
        for path in ("/openapi.json", "/docs", "/redoc", "/docs/assets/redoc/redoc.standalone.js"):
            assert (await client.get(path)).status_code == (200 if served else 404)
