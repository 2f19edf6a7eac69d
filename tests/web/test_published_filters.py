"""The built-in filters and middleware under their published names, around applications of other makes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from pyfly.container.ordering import HIGHEST_PRECEDENCE, get_order
from pyfly.context.application_context import ApplicationContext
from pyfly.core.config import Config
from pyfly.kernel.exceptions import ConflictException, InfrastructureException
from pyfly.web import SecurityHeadersConfig, WebFilter, create_app
from pyfly.web.adapters.starlette import (
    RequestLoggingFilter,
    RequestLoggingMiddleware,
    SecurityHeadersFilter,
    SecurityHeadersMiddleware,
    TransactionIdFilter,
    TransactionIdMiddleware,
    WebFilterChainMiddleware,
    global_exception_handler,
)
from tests.web.kiosk import Counter
from tests.web.support import client_for, client_of

ENDED: list[str] = []


async def home(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(getattr(request.state, "transaction_id", "none")))


async def stream(request: Request) -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        try:
            for _ in range(3):
                yield b"x"
                await asyncio.sleep(0)
        finally:
            ENDED.append("stream")

    return StreamingResponse(parts())


async def broken(request: Request) -> PlainTextResponse:
    raise ValueError("canary")


def starlette(*middleware: Middleware) -> Starlette:
    routes = [Route("/", home), Route("/stream", stream), Route("/broken", broken)]
    return Starlette(routes=routes, middleware=list(middleware))


def client(*middleware: Middleware) -> httpx.AsyncClient:
    return client_for(starlette(*middleware))


@pytest.mark.parametrize(
    ("filter_", "place"),
    [(TransactionIdFilter, 100), (RequestLoggingFilter, 200), (SecurityHeadersFilter, 300)],
)
def test_the_filters_have_their_places(filter_: type, place: int) -> None:
    assert get_order(filter_) == HIGHEST_PRECEDENCE + place
    assert isinstance(filter_(), WebFilter)


async def test_an_id_is_accepted_or_made_and_sent_back() -> None:
    async with client(Middleware(TransactionIdMiddleware)) as http:
        made = await http.get("/")
        accepted = await http.get("/", headers={"x-transaction-id": "abc"})
        refused = await http.get("/", headers={"x-transaction-id": "a b<script>"})
    assert (len(made.text), made.headers["x-transaction-id"]) == (36, made.text)
    assert (accepted.text, accepted.headers["x-transaction-id"]) == ("abc", "abc")
    assert refused.text == refused.headers["x-transaction-id"] != "a b<script>"


async def test_security_headers_are_set() -> None:
    config = SecurityHeadersConfig(x_frame_options="SAMEORIGIN", content_security_policy="default-src 'self'")
    async with client(Middleware(SecurityHeadersMiddleware, config=config)) as http:
        headers = (await http.get("/")).headers
    assert (headers["x-frame-options"], headers["content-security-policy"]) == (
        "SAMEORIGIN",
        "default-src 'self'",
    )
    assert "strict-transport-security" not in headers


async def test_requests_are_logged_with_their_end() -> None:
    with structlog.testing.capture_logs() as lines:
        async with client(Middleware(TransactionIdMiddleware), Middleware(RequestLoggingMiddleware)) as http:
            answer = await http.get("/")
            with pytest.raises(ValueError, match="canary"):
                await http.get("/broken")
    done, failed = lines
    assert (done["event"], done["method"], done["path"], done["status_code"]) == (
        "http_request",
        "GET",
        "/",
        200,
    )
    assert (done["transaction_id"], done["log_level"]) == (answer.text, "info")
    assert (failed["event"], failed["error"], failed["error_type"]) == (
        "http_request_failed",
        "canary",
        "ValueError",
    )


class Trail:
    def __init__(self, name: str, *, skips: bool = False, answers: bool = False) -> None:
        self.name, self.skips, self.answers = name, skips, answers

    async def do_filter(self, request: Any, call_next: Any) -> Any:
        if self.answers:
            return PlainTextResponse("cut", 299)
        response = await call_next(request)
        response.headers["x-trail"] = response.headers.get("x-trail", "") + self.name
        return response

    def should_not_filter(self, request: Any) -> bool:
        return self.skips


class Stamp(Trail):
    def __init__(self) -> None:
        super().__init__("stamp")


@pytest.mark.parametrize(
    ("filters", "path", "status", "trail"),
    [
        ([], "/", 200, None),
        ([Trail("a"), Trail("b")], "/", 200, "ba"),
        ([Trail("a"), Trail("b", skips=True), Trail("c")], "/nowhere", 404, "ca"),
        ([Trail("a"), Trail("b", answers=True), Trail("c")], "/", 299, "a"),
        ([Trail("a")], "/stream", 200, "a"),
    ],
)
async def test_the_chain_runs_in_the_given_order(
    filters: list[WebFilter], path: str, status: int, trail: str | None
) -> None:
    async with client(Middleware(WebFilterChainMiddleware, filters=filters)) as http:
        answer = await http.get(path)
    assert (answer.status_code, answer.headers.get("x-trail")) == (status, trail)


async def test_a_response_that_a_filter_drops_is_ended() -> None:
    class Replacing(Trail):
        async def do_filter(self, request: Any, call_next: Any) -> Any:
            await call_next(request)
            return PlainTextResponse("instead")

    ENDED.clear()
    async with client(Middleware(WebFilterChainMiddleware, filters=[Replacing("x")])) as http:
        assert (await http.get("/stream")).text == "instead"
    assert ENDED == ["stream"]


async def test_built_in_filters_in_our_own_chain_do_nothing_twice() -> None:
    async with client_of(Counter, TransactionIdFilter, SecurityHeadersFilter) as http:
        headers = (await http.get("/tickets/1")).headers
    assert [len(headers.get_list(name)) for name in ("x-transaction-id", "x-frame-options")] == [1, 1]


async def test_filters_see_the_responses_of_extra_routes() -> None:
    context = ApplicationContext(Config())
    context.container.register(Stamp)
    app = create_app(context=context, extra_routes=[Route("/extra", home), Route("/extra/stream", stream)])
    async with client_for(app) as http:
        for path in ("/extra", "/extra/stream"):
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["x-trail"]) == (200, "stamp")


async def test_the_published_exception_handler_answers_with_the_envelope() -> None:
    async def conflict(request: Request) -> JSONResponse:
        raise ConflictException("taken", code="TAKEN", context={"id": 1})

    async def down(request: Request) -> JSONResponse:
        raise InfrastructureException("canary")

    handlers: Any = {Exception: global_exception_handler, ConflictException: global_exception_handler}
    app = Starlette(routes=[Route("/a", conflict), Route("/b", down)], exception_handlers=handlers)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        taken, failed = await http.get("/a"), await http.get("/b")
    error = taken.json()["error"]
    assert (taken.status_code, error["code"], error["message"], error["context"]) == (
        409,
        "TAKEN",
        "taken",
        {"id": 1},
    )
    assert (error["status"], error["path"], bool(error["transaction_id"])) == (409, "/a", True)
    assert (failed.status_code, "canary" in failed.text) == (502, False)


async def test_create_app_switches_the_actuator() -> None:
    for switch, status in ((True, 200), (False, 404), (None, 404)):
        async with client_for(create_app(actuator_enabled=switch)) as http:
            assert (await http.get("/actuator/health")).status_code == status
