"""Security headers: their values, and that they, the id and CORS are on every kind of response, once."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.responses import PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route

from pyfly.container import service
from pyfly.context.application_context import ApplicationContext
from pyfly.core.config import Config
from pyfly.kernel import exceptions
from pyfly.web import (
    Body,
    Response,
    ResponseEntity,
    ResponseStatusException,
    SecurityHeadersConfig,
    Stage,
    StageSource,
    create_app,
    exception_handler,
    get_mapping,
    post_mapping,
    rest_controller,
)
from pyfly.web.ports.stages import PRINCIPAL
from pyfly.web.security_headers.writing import headers_of
from pyfly.web.stages.parts import Parts
from tests.web.support import client_for, client_of

KERNEL = [
    name
    for name, value in vars(exceptions).items()
    if isinstance(value, type) and issubclass(value, exceptions.PyFlyException)
]


class Thing(BaseModel):
    id: int


@rest_controller
class Kinds:
    @get_mapping("/raise/{name}")
    async def raising(self, name: str) -> None:
        raise getattr(exceptions, name)("refused")

    @get_mapping("/status/{status:int}")
    async def status(self, status: int) -> None:
        raise ResponseStatusException(status)

    @get_mapping("/bug")
    async def bug(self) -> None:
        raise ZeroDivisionError

    @get_mapping("/sync")
    def sync(self) -> int:
        return 1

    @get_mapping("/nothing")
    async def nothing(self) -> None: ...

    @get_mapping("/bytes")
    async def data(self) -> bytes:
        return b"x"

    @get_mapping("/entity")
    async def entity(self) -> ResponseEntity[int]:
        return ResponseEntity(1, 201, {"Location": "/x"})

    @get_mapping("/object")
    async def object(self) -> Response:
        return PlainTextResponse("x")

    @get_mapping("/redirect")
    async def redirect(self) -> Response:
        return RedirectResponse("/x")

    @get_mapping("/stream")
    async def stream(self) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"a"
            yield b"b"

        return StreamingResponse(parts())

    @get_mapping("/late")
    async def late(self) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            raise exceptions.ConflictException("before the first byte")
            yield b""

        return _Lazy(parts())

    @get_mapping("/unserialisable")
    async def unserialisable(self) -> dict[str, Any]:
        return {"x": object()}

    @post_mapping("/things")
    async def post(self, thing: Body[Thing]) -> Thing:
        return thing

    @get_mapping("/handled")
    async def handled(self) -> None:
        raise KeyError("x")

    @exception_handler(KeyError)
    async def on_key_error(self, failure: KeyError) -> tuple[int, dict[str, str]]:
        return 409, {"x": "y"}


class _Lazy(StreamingResponse):
    """Takes the first part before it starts."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await anext(self.body_iterator)  # type: ignore[call-overload]  # an async generator


class Gate:
    async def do_filter(self, request: Any, call_next: Any) -> Any:
        if request.url.path == "/cut":
            return Response("cut", status_code=451)
        if request.url.path == "/filter-fails":
            raise exceptions.ForbiddenException("no")
        return await call_next(request)

    def should_not_filter(self, request: Any) -> bool:
        return False


SHOP = "https://shop.example"
PREFLIGHT = {"access-control-request-method": "GET"}
JSON = {"content-type": "application/json"}
CASES: list[tuple[str, str, dict[str, str], bytes, int]] = [
    *[("GET", f"/raise/{name}", {}, b"", 0) for name in KERNEL],
    *[("GET", f"/status/{status}", {}, b"", status) for status in (400, 402, 406, 418, 451, 500, 507, 599)],
    ("GET", "/bug", {}, b"", 500),
    ("GET", "/sync", {}, b"", 200),
    ("HEAD", "/sync", {}, b"", 200),
    ("GET", "/nothing", {}, b"", 204),
    ("GET", "/bytes", {}, b"", 200),
    ("GET", "/entity", {}, b"", 201),
    ("GET", "/object", {}, b"", 200),
    ("GET", "/redirect", {}, b"", 307),
    ("GET", "/stream", {}, b"", 200),
    ("HEAD", "/stream", {}, b"", 200),
    ("GET", "/late", {}, b"", 409),
    ("GET", "/unserialisable", {}, b"", 500),
    ("GET", "/handled", {}, b"", 409),
    ("POST", "/things", JSON, b'{"id": 1}', 200),
    ("POST", "/things", JSON, b"{", 400),
    ("POST", "/things", JSON, b'{"id": "x"}', 422),
    ("POST", "/things", {"content-type": "text/plain"}, b"x", 415),
    ("POST", "/things", JSON, b" " * 2_000_000, 413),
    ("GET", "/nowhere", {}, b"", 404),
    ("DELETE", "/sync", {}, b"", 405),
    ("OPTIONS", "/sync", {}, b"", 204),
    ("OPTIONS", "/sync", PREFLIGHT, b"", 200),
    ("OPTIONS", "/sync", {"access-control-request-method": "PUT"}, b"", 403),
    ("GET", "/sync/", {}, b"", 308),
    ("GET", "/status/x", {}, b"", 404),
    ("GET", "/%00", {}, b"", 400),
    ("GET", "/%ff", {}, b"", 400),
    ("GET", "/x?" + "y" * 9000, {}, b"", 414),
    ("GET", "/sync", {"x": "y" * 40_000}, b"", 431),
    ("GET", "/sync", {"host": "evil.example"}, b"", 400),
    ("GET", "/cut", {}, b"", 451),
    ("GET", "/filter-fails", {}, b"", 403),
    ("GET", "/openapi.json", {}, b"", 200),
    ("GET", "/docs", {}, b"", 200),
    ("GET", "/docs/assets/swagger-ui/swagger-ui.css", {}, b"", 200),
    ("GET", "/docs/assets/none", {}, b"", 404),
    ("GET", "/extra", {}, b"", 200),
    ("POST", "/extra", {}, b"", 405),
    ("GET", "/extra/bug", {}, b"", 500),
]


@pytest.fixture(scope="module")
def app() -> Any:
    config = Config(
        {"pyfly": {"web": {"trusted-hosts": ["test"], "cors": {"enabled": True, "allowed-origins": SHOP}}}}
    )
    context = ApplicationContext(config)
    for cls in (Kinds, Gate):
        context.container.register(cls)

    async def extra(request: Any) -> Any:
        return PlainTextResponse("x")

    async def bug(request: Any) -> Any:
        raise LookupError

    return create_app(context=context, extra_routes=[Route("/extra", extra), Route("/extra/bug", bug)])


def test_there_are_more_than_sixty_kinds() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    CASES,
    ids=[f"{case[0]} {case[1][:24]} {case[4] or ''}-{at}" for at, case in enumerate(CASES)],
)
async def test_every_response_carries_security_cors_and_id_headers_once(
    app: Any, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    async with client_for(app) as http:
        answer = await http.request(method, path, headers={"origin": SHOP, **headers}, content=body or None)
    assert answer.status_code == status if status else answer.status_code >= 400
    for name, value in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-xss-protection", "0"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("access-control-allow-origin", SHOP),
    ]:
        assert answer.headers.get_list(name) == [value], name
    assert len(answer.headers.get_list("x-transaction-id")) == 1
    assert "origin" in answer.headers["vary"].lower()


def values(config: SecurityHeadersConfig, *, tls: bool) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in headers_of(config, tls=tls)}


def test_what_is_empty_is_left_out_and_hsts_is_for_tls_only() -> None:
    config = SecurityHeadersConfig(
        x_frame_options=None, referrer_policy="", content_security_policy="default-src"
    )
    assert values(config, tls=False) == {
        "x-content-type-options": "nosniff",
        "x-xss-protection": "0",
        "content-security-policy": "default-src",
    }
    assert values(config, tls=True)["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_a_response_keeps_the_header_that_it_has() -> None:
    @rest_controller
    class Framed:
        @get_mapping("/framed")
        async def framed(self) -> ResponseEntity[int]:
            return ResponseEntity(1, 200, {"X-Frame-Options": "SAMEORIGIN"})

    async with client_of(Framed) as http:
        answer = await http.get("/framed")
    assert answer.headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_settings_change_the_values_and_switch_them_off() -> None:
    for settings, expected in [({"x-frame-options": "SAMEORIGIN"}, "SAMEORIGIN"), ({"enabled": False}, None)]:
        config = Config({"pyfly": {"web": {"security-headers": settings}}})
        async with client_of(Kinds, config=config) as http:
            assert (await http.get("/sync")).headers.get("x-frame-options") == expected


AUTHORIZED = {"authorization": "Bearer x"}


@pytest.mark.parametrize(
    ("path", "headers", "settings", "expected"),
    [
        ("/sync", {}, {}, []),
        ("/sync", {"cookie": "theme=dark"}, {}, []),
        ("/sync", AUTHORIZED, {}, ["no-store"]),
        ("/sync", {"x-user": "ann"}, {}, ["no-store"]),
        ("/none", AUTHORIZED, {}, ["no-store"]),
        ("/bug", AUTHORIZED, {}, ["no-store"]),
        ("/cached", AUTHORIZED, {}, ["private, max-age=60"]),
        ("/sync", AUTHORIZED, {"cache-control": "private"}, ["private"]),
        ("/sync", AUTHORIZED, {"cache-control": ""}, []),
    ],
)
async def test_what_somebody_authenticated_is_told_is_not_kept(
    path: str, headers: dict[str, str], settings: dict[str, str], expected: list[str]
) -> None:
    @service
    class Login(StageSource):
        def stages(self, parts: Parts) -> Iterable[Stage]:
            def check(scope: Any) -> None:
                found = dict(scope["headers"]).get(b"x-user")
                scope.update({PRINCIPAL: found.decode()} if found else {})

            yield Stage("login", 0, check=check)

    @rest_controller
    class Cached:
        @get_mapping("/cached")
        async def cached(self) -> ResponseEntity[int]:
            return ResponseEntity(1, 200, {"Cache-Control": "private, max-age=60"})

    config = Config({"pyfly": {"web": {"security-headers": settings}}})
    async with client_of(Kinds, Cached, Login, config=config) as http:
        assert (await http.get(path, headers=headers)).headers.get_list("cache-control") == expected


async def test_create_app_takes_the_values() -> None:
    async with client_for(create_app(security_headers=SecurityHeadersConfig(x_frame_options="X"))) as http:
        assert (await http.get("/")).headers["x-frame-options"] == "X"


def test_the_configuration_is_frozen() -> None:
    config = SecurityHeadersConfig()
    with pytest.raises(FrozenInstanceError):
        config.x_frame_options = "X"  # type: ignore[misc]
