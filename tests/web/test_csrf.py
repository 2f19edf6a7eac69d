"""Requests with the cookies of somebody else: what the settings of ``pyfly.web.csrf`` change, and websockets."""

from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pyfly.container import rest_controller
from pyfly.core.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.web import PathVar, WebProperties, WebSocketSession, post_mapping, websocket_mapping
from tests.web.served import served
from tests.web.support import client_of

EVIL = "https://evil.example"
FORGED = {"cookie": "sid=1", "origin": EVIL, "sec-fetch-site": "cross-site"}


class Named(BaseModel):
    name: str


@rest_controller
class Here:
    @post_mapping("/saml/callback")
    async def callback(self) -> int:
        return 1

    @post_mapping("/{name}")
    async def named(self, name: PathVar[str]) -> str:
        return name

    @post_mapping("/named")
    async def body(self, body: Named) -> str:
        return body.name

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        await session.accept()


def client(**web: Any) -> httpx.AsyncClient:
    config = Config({"pyfly": {"web": web}})
    return client_of(Here, config=config, properties=config.bind(WebProperties))


async def test_it_is_on_unless_it_is_switched_off() -> None:
    assert (await client().post("/x", headers=FORGED)).json()["code"] == "CSRF_REFUSED"
    assert (await client(csrf={"enabled": False}).post("/x", headers=FORGED)).json() == "x"


async def test_paths_may_be_left_out_and_an_encoded_slash_does_not_make_others_look_like_them() -> None:
    http = client(csrf={"exclude": ["/saml/**"]})
    assert (await http.post("/saml/callback", headers=FORGED)).status_code == 200
    assert (await http.post("/x", headers=FORGED)).status_code == 403
    assert (await http.post("/saml%2Fx", headers={"cookie": "a=b"})).json() == "saml/x"
    assert (await http.post("/saml%2Fx", headers=FORGED)).status_code == 403


def test_a_trusted_origin_that_no_browser_sends_stops_the_start() -> None:
    with pytest.raises(ConfigurationError) as stopped:
        client(csrf={"trusted-origins": ["https://shop.example/"]})
    assert stopped.value.key == "pyfly.web.csrf.trusted-origins"


@pytest.mark.parametrize(
    ("origin", "forwarded", "status"),
    [
        ("https://test", "https", 200),
        ("https://test:443", "https", 200),
        ("http://test", "https", 403),
        ("https://test", "http", 200),
        ("HTTPS://TEST", "https", 200),
        ("https://test:8443", "https", 403),
        ("https://[::1", "https", 403),
        ("test", "https", 403),
        ("", "https", 403),
    ],
)
async def test_without_a_word_about_the_site_the_origin_is_compared(
    origin: str, forwarded: str, status: int
) -> None:
    http = client(**{"trusted-proxies": ["127.0.0.1"]})
    headers = {
        "cookie": "a=b",
        "origin": origin,
        "x-forwarded-for": "10.0.0.9",
        "x-forwarded-proto": forwarded,
    }
    assert (await http.post("/x", headers=headers)).status_code == status


async def test_cors_trusts_an_origin_only_with_the_methods_that_it_allows_it() -> None:
    cors = {"enabled": True, "allowed-origins": [EVIL], "allow-credentials": True}
    assert (await client(cors=cors).post("/x", headers=FORGED)).status_code == 403
    cors["allowed-methods"] = ["POST"]
    assert (await client(cors=cors).post("/x", headers=FORGED)).status_code == 200


async def test_a_body_may_go_without_a_content_type_if_that_is_wanted() -> None:
    assert (await client().post("/named", content=b'{"name":"x"}')).status_code == 415
    http = client(binding={"require-content-type": False})
    assert (await http.post("/named", content=b'{"name":"x"}')).json() == "x"
    assert (await client().post("/named")).json()["code"] == "BODY_REQUIRED"


OPEN_CORS = {"cors__enabled": True}


@pytest.mark.parametrize(
    ("settings", "headers", "status"),
    [
        ({}, {}, 101),
        ({}, {"origin": EVIL}, 403),
        ({}, {"origin": EVIL, "cookie": "sid=1", "sec-fetch-site": "cross-site"}, 403),
        ({}, {"origin": "null"}, 403),
        ({}, {"origin": "http://own"}, 101),
        ({"csrf__trusted_origins": [EVIL]}, {"origin": EVIL, "cookie": "sid=1"}, 101),
        ({"csrf__enabled": False}, {"origin": EVIL}, 101),
        (OPEN_CORS, {"origin": EVIL}, 101),
        (OPEN_CORS, {"origin": EVIL, "cookie": "sid=1"}, 403),
        (
            {**OPEN_CORS, "cors__allowed_origins": [EVIL], "cors__allow_credentials": True},
            {"origin": EVIL, "cookie": "sid=1"},
            101,
        ),
        ({**OPEN_CORS, "cors__allowed_origins": [EVIL], "csrf__enabled": False}, {"origin": "http://x"}, 403),
    ],
)
async def test_pages_of_other_origins_open_no_websocket(
    settings: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    async with served(Here, **settings) as app:
        own = {name: value.replace("http://own", app.url) for name, value in headers.items()}
        found = 101
        try:
            async with connect(f"{app.ws}/echo", additional_headers=own):
                pass
        except InvalidStatus as refusal:
            found = refusal.response.status_code
        assert found == status
