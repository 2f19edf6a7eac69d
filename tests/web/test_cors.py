"""CORS against the algorithm of the Fetch standard: what a browser concludes is what the settings mean."""

import random
from dataclasses import FrozenInstanceError
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from pyfly.core.config import Config
from pyfly.web import (
    AsgiMount,
    CORSConfig,
    Request,
    Response,
    create_app,
    delete_mapping,
    get_mapping,
    post_mapping,
    put_mapping,
    rest_controller,
)
from pyfly.web.cors import CorsProperties, UnusableCorsError
from pyfly.web.cors.policy import Cors
from tests.web.support import client_for, client_of, container_of

SHOP = "https://shop.example"


@rest_controller
class Things:
    @get_mapping("/things")
    async def get(self) -> list[int]:
        return [1]

    @post_mapping("/things")
    async def post(self) -> int:
        return 1

    @put_mapping("/things")
    async def put(self) -> int:
        return 2

    @delete_mapping("/things")
    async def delete(self) -> None: ...


def client(cors: CORSConfig) -> httpx.AsyncClient:
    return client_of(Things, given={"cors": cors})


# What the Fetch standard tells a browser to do: https://fetch.spec.whatwg.org/#http-cors-protocol.

SAFE_METHODS = {"GET", "HEAD", "POST"}


class Browser:
    def __init__(self, http: httpx.AsyncClient, origin: str, *, credentials: bool) -> None:
        self.http, self.origin, self.credentials = http, origin, credentials

    async def may_read(self, method: str, headers: list[str]) -> bool:
        if (method not in SAFE_METHODS or headers) and not await self._preflight(method, headers):
            return False
        sent = {"origin": self.origin, **dict.fromkeys(headers, "x")}
        return self._passes(await self.http.request(method, "/things", headers=sent))

    async def _preflight(self, method: str, headers: list[str]) -> bool:
        sent = {"origin": self.origin, "access-control-request-method": method}
        if headers:
            sent["access-control-request-headers"] = ",".join(sorted(headers))
        answer = await self.http.options("/things", headers=sent)
        if not self._passes(answer) or not answer.is_success:
            return False
        methods = _list(answer, "access-control-allow-methods")
        names = [name.lower() for name in _list(answer, "access-control-allow-headers")]
        any_method, any_header = "*" in methods, "*" in names
        if method not in methods and method not in SAFE_METHODS and (self.credentials or not any_method):
            return False
        return all(name.lower() in names or (any_header and not self.credentials) for name in headers)

    def _passes(self, answer: httpx.Response) -> bool:
        allowed = answer.headers.get_list("access-control-allow-origin")
        if len(allowed) != 1:
            return False
        if allowed[0] == "*" and not self.credentials:
            return True
        if allowed[0] != self.origin:
            return False
        return not self.credentials or answer.headers.get("access-control-allow-credentials") == "true"


def _list(answer: httpx.Response, name: str) -> list[str]:
    return [part.strip() for part in answer.headers.get(name, "").split(",") if part.strip()]


def meant(cors: CORSConfig, origin: str, method: str, headers: list[str], *, credentials: bool) -> bool:
    if origin == "null" or (origin not in cors.allowed_origins and "*" not in cors.allowed_origins):
        return False
    if credentials and not cors.allow_credentials:
        return False
    if method in SAFE_METHODS and not headers:
        return True
    methods = {*cors.allowed_methods, *(["HEAD"] if "GET" in cors.allowed_methods else [])}
    names = {name.lower() for name in cors.allowed_headers}
    return (method in methods or "*" in methods) and ("*" in names or names.issuperset(headers))


ORIGINS = [
    SHOP, "http://shop.example", "https://shop.example:8443", "https://evil.example", "null",
    "https://shop.example.evil", "https://shopxexample", "https://a.shop.example", "HTTPS://shop.example",
]  # fmt: skip


def random_config(dice: random.Random) -> CORSConfig:
    named = dice.choice([[SHOP], [SHOP, "https://shop.example:8443"], [SHOP, "http://shop.example"], []])
    credentials = dice.random() < 0.5
    return CORSConfig(
        allowed_origins=named if credentials or dice.random() < 0.6 else ["*"],
        allowed_methods=dice.choice([["GET"], ["GET", "PUT"], ["POST", "DELETE"], ["*"]]),
        allowed_headers=dice.choice([["*"], [], ["X-One"], ["x-one", "X-Two"]]),
        allow_credentials=credentials,
        exposed_headers=dice.choice([[], ["X-Total"]]),
        max_age=dice.choice([0, 600]),
    )


async def test_a_browser_concludes_what_the_settings_mean() -> None:
    dice = random.Random(50)
    readable = 0
    for _ in range(25):
        cors = random_config(dice)
        async with client(cors) as http:
            for _ in range(20):
                origin = SHOP if dice.random() < 0.5 else dice.choice(ORIGINS)
                credentials = dice.random() < 0.4
                method = dice.choice(["GET", "HEAD", "POST", "PUT", "DELETE"])
                headers = dice.choice([[], [], ["x-one"], ["x-one", "x-two"], ["x-other"]])
                browser = Browser(http, origin, credentials=credentials)
                expected = meant(cors, origin, method, headers, credentials=credentials)
                found = await browser.may_read(method, headers)
                assert found is expected, (cors, origin, method, headers, credentials)
                readable += found
    assert 80 < readable < 400


@pytest.mark.parametrize(
    ("headers", "allowed"), [({}, None), ({"origin": SHOP}, SHOP), ({"origin": "https://evil.example"}, None)]
)
async def test_caches_are_told_that_the_origin_matters(headers: dict[str, str], allowed: str | None) -> None:
    async with client(CORSConfig([SHOP], exposed_headers=["X-Total"])) as http:
        answer = await http.get("/things", headers=headers)
    assert "Origin" in answer.headers["vary"]
    assert answer.headers.get("access-control-allow-origin") == allowed
    assert answer.headers.get("access-control-expose-headers") == ("X-Total" if allowed else None)


async def test_a_preflight_is_answered_before_anything_else_runs() -> None:
    class Gate:
        async def do_filter(self, request: Any, call_next: Any) -> Any:
            return Response("no", status_code=401)

        def should_not_filter(self, request: Any) -> bool:
            return False

    headers = {"origin": SHOP, "access-control-request-method": "GET"}
    async with client_of(Things, Gate, given={"cors": CORSConfig([SHOP])}) as http:
        answer = await http.options("/things", headers=headers)
        refused = await http.get("/things", headers={"origin": SHOP})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, SHOP)
    assert answer.headers["access-control-max-age"] == "600"
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, SHOP)


async def test_an_ordinary_options_request_is_not_a_preflight() -> None:
    async with client(CORSConfig([SHOP])) as http:
        assert (await http.options("/things")).headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"access-control-request-method": "PUT"}, 403),
        ({"access-control-request-method": "GET", "access-control-request-headers": "x-other"}, 403),
        ({"access-control-request-method": "GET", "access-control-request-headers": "Content-Type"}, 200),
        (
            {"access-control-request-method": "GET", "access-control-request-headers": "x-one, bad header"},
            403,
        ),
    ],
)
async def test_a_preflight_for_more_than_is_allowed_is_refused(headers: dict[str, str], status: int) -> None:
    async with client(CORSConfig([SHOP], ["GET"], ["X-One"])) as http:
        answer = await http.options("/things", headers={"origin": SHOP, **headers})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, SHOP)


async def test_without_the_setting_there_is_no_cors() -> None:
    async with client_of(Things) as http:
        answer = await http.get("/things", headers={"origin": SHOP})
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_the_settings_alone_switch_it_on() -> None:
    cors = {"enabled": True, "allowed-origins": SHOP, "allowed-methods": "GET,PUT", "max-age": "1h"}
    config = Config({"pyfly": {"web": {"cors": cors}}})
    assert config.bind(CorsProperties).max_age == timedelta(hours=1)
    async with client_of(Things, config=config) as http:
        asked = {"origin": SHOP, "access-control-request-method": "PUT"}
        answer = await http.options("/things", headers=asked)
    assert (answer.status_code, answer.headers["access-control-max-age"]) == (200, "3600")


@pytest.mark.parametrize(
    "origin",
    ["shop.example", "https://shop.example/", "https://*.shop.example", "https://shop.example/x", "null", ""],
)
def test_an_origin_that_no_browser_sends_stops_the_start(origin: str) -> None:
    with pytest.raises(UnusableCorsError) as caught:
        Cors(CORSConfig([origin]))
    assert "https://shop.example" in caught.value.fix


@pytest.mark.parametrize(
    ("method", "fix"), [("GTE", "GET"), ("get", "GET"), ("PSOT", "POST"), ("EAT ALL", "upper case")]
)
async def test_a_method_that_does_not_exist_stops_the_start(method: str, fix: str) -> None:
    cors = {"enabled": True, "allowed-methods": ["GET", method]}
    with pytest.raises(UnusableCorsError) as caught:
        async with client_of(Things, config=Config({"pyfly": {"web": {"cors": cors}}})):
            pass
    assert caught.value.key == "pyfly.web.cors.allowed-methods"
    assert fix in caught.value.fix


def test_methods_of_webdav_may_be_allowed() -> None:
    Cors(CORSConfig([SHOP], allowed_methods=["PROPFIND", "GET"]))


def test_an_origin_is_compared_as_browsers_write_it() -> None:
    cors = Cors(CORSConfig(["HTTPS://Shop.example:443", "http://[::1]:8080"]))
    headers: list[tuple[bytes, bytes]] = []
    cors.write({"headers": [(b"origin", b"https://shop.example")]}, headers)
    assert (b"access-control-allow-origin", b"https://shop.example") in headers


def test_credentials_for_every_origin_are_refused() -> None:
    everybody = CORSConfig(allow_credentials=True)
    with pytest.raises(UnusableCorsError, match="credentials to every origin"):
        create_app(cors=everybody)


async def test_create_app_takes_the_configuration() -> None:
    async with client_for(create_app(cors=CORSConfig([SHOP]))) as http:
        answer = await http.get("/nowhere", headers={"origin": SHOP})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (404, SHOP)


def test_the_configuration_is_frozen_and_has_the_published_defaults() -> None:
    cors = CORSConfig()
    assert (cors.allowed_origins, cors.allowed_methods, cors.allowed_headers) == (["*"], ["GET"], ["*"])
    assert (cors.allow_credentials, cors.exposed_headers, cors.max_age) == (False, [], 600)
    with pytest.raises(FrozenInstanceError):
        cors.max_age = 1  # type: ignore[misc]


@rest_controller
class Opinionated:
    @get_mapping("/own")
    async def own(self) -> Response:
        said = {"access-control-allow-origin": "*", "access-control-allow-credentials": "true", "x-own": "1"}
        return Response("x", headers=said)


@pytest.mark.parametrize(("origin", "allowed"), [(SHOP, [SHOP]), ("https://evil.example", [])])
@pytest.mark.parametrize("path", ["/own", "/mounted/"])
async def test_what_others_say_in_headers_of_cors_is_replaced(
    origin: str, allowed: list[str], path: str
) -> None:
    async def other(request: Request) -> Response:
        return await Opinionated().own()

    container = container_of(Opinionated)
    mount = AsgiMount("/mounted", Starlette(routes=[Route("/", other)]))
    container.register_instance(mount)
    given = {"cors": CORSConfig(allowed_origins=[SHOP])}
    answer = await client_of(container=container, given=given).get(path, headers={"origin": origin})
    assert (answer.status_code, answer.headers["x-own"]) == (200, "1")
    assert answer.headers.get_list("access-control-allow-origin") == allowed
    assert "access-control-allow-credentials" not in answer.headers
