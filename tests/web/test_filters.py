import gc
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from pyfly.container import order, service
from pyfly.kernel.exceptions import ConflictException
from pyfly.web import (
    Body,
    CallNext,
    Form,
    OncePerRequestFilter,
    Request,
    Response,
    ResponseEntity,
    get_mapping,
    post_mapping,
    rest_controller,
)
from tests.web.support import client_of


@service
@order(1)
class Outer:
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        request.state.trail = ["outer"]
        response = await call_next(request)
        response.headers["x-trail"] = ",".join(request.state.trail)
        response.headers["x-status"] = str(response.status_code)
        return response

    def should_not_filter(self, request: Request) -> bool:
        return request.url.path == "/skipped"


@service
@order(2)
class Inner(OncePerRequestFilter):
    exclude_patterns: Sequence[str] = ("/private/*",)

    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        getattr(request.state, "trail", []).append("inner")
        if request.url.path == "/short":
            return Response("cut", status_code=299)
        if request.method == "POST":
            await request.body()
        return await call_next(request)


@rest_controller
class Paths:
    @get_mapping("/open")
    async def open(self, request: Request) -> list[str]:
        return list(request.state.trail)

    @get_mapping("/private/x")
    async def private(self) -> str:
        return "x"

    @get_mapping("/skipped")
    async def skipped(self) -> str:
        return "x"

    @get_mapping("/taken")
    async def taken(self) -> str:
        raise ConflictException("taken")

    @post_mapping("/echo")
    async def echo(self, body: Body[dict[str, int]]) -> dict[str, int]:
        return body


@pytest.mark.parametrize(
    ("path", "status", "trail"),
    [
        ("/open", 200, "outer,inner"),
        ("/private/x", 200, "outer"),
        ("/short", 299, "outer,inner"),
        ("/taken", 409, "outer,inner"),
        ("/nowhere", 404, "outer,inner"),
    ],
)
async def test_filters_run_by_order_around_everything_and_see_errors_as_responses(
    path: str, status: int, trail: str
) -> None:
    async with client_of(Paths, Inner, Outer) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.headers["x-trail"]) == (status, trail)
    assert answer.headers["x-status"] == str(status)


async def test_a_filter_that_does_not_want_a_request_does_not_get_it() -> None:
    async with client_of(Paths, Inner, Outer) as client:
        assert "x-trail" not in (await client.get("/skipped")).headers


async def test_handlers_see_the_request_that_the_filters_saw() -> None:
    async with client_of(Paths, Inner, Outer) as client:
        assert (await client.get("/open")).json() == ["outer", "inner"]


async def test_a_body_that_a_filter_has_read_still_reaches_the_handler() -> None:
    async with client_of(Paths, Inner, Outer) as client:
        assert (await client.post("/echo", json={"a": 1})).json() == {"a": 1}


async def test_a_failing_filter_is_an_error_response() -> None:
    class Broken(Outer):
        async def do_filter(self, request: Request, call_next: CallNext) -> Any:
            raise ConflictException("no")

    async with client_of(Paths, Broken) as client:
        answer = await client.get("/open")
    assert (answer.status_code, "x-transaction-id" in answer.headers) == (409, True)


@service
class Reading(OncePerRequestFilter):
    """Reads the body in the way that the request's header asks for."""

    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        match request.headers["x-way"]:
            case "form":
                await request.form()
            case "stream":
                assert [chunk async for chunk in request.stream()]
            case "begun":
                await anext(request.stream())
        return await call_next(request)


@rest_controller
class Readers:
    @post_mapping("/form")
    async def form(self, name: Form[str]) -> str:
        return name

    @post_mapping("/request")
    async def request(self, request: Request) -> str:
        return (await request.body()).decode()

    @post_mapping("/body")
    async def body(self, body: Body[bytes]) -> str:
        return body.decode()


@pytest.mark.parametrize("path", ["/form", "/request", "/body"])
@pytest.mark.parametrize("way", ["form", "stream", "begun", "not"])
async def test_however_a_filter_reads_the_body_the_handler_can_read_it_too(way: str, path: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"name="
        yield b"a" * 10

    media_type = "application/octet-stream" if path == "/body" else "application/x-www-form-urlencoded"
    async with client_of(Readers, Reading) as client:
        headers = {"x-way": way, "content-type": media_type}
        answer = await client.post(path, content=parts(), headers=headers)
    assert (answer.status_code, answer.json().removeprefix("name=")) == (200, "a" * 10)


async def test_a_filter_that_returns_nothing_is_told_how_to_go_on(caplog: pytest.LogCaptureFixture) -> None:
    class Forgetful(OncePerRequestFilter):
        async def do_filter(self, request: Request, call_next: CallNext) -> Any:
            await call_next(request)

    async with client_of(Paths, service(Forgetful)) as client:
        assert (await client.get("/open")).status_code == 500
    assert "a filter returned None; write: return await call_next(request)" in caplog.text


class Path:
    def __init__(self, path: str) -> None:
        self.url = self
        self.path = path


@pytest.mark.parametrize(
    ("include", "exclude", "path", "skipped"),
    [
        ([], [], "/a", False),
        (["/api/*"], [], "/api/x", False),
        (["/api/*"], [], "/web", True),
        ([], ["/api/*"], "/api/x", True),
        (["/api/*"], ["/api/private*"], "/api/private/x", True),
    ],
)
def test_patterns_choose_the_paths_and_exclusion_wins(
    include: list[str], exclude: list[str], path: str, skipped: bool
) -> None:
    found = Inner()
    found.url_patterns, found.exclude_patterns = include, exclude
    assert found.should_not_filter(Path(path)) is skipped
    assert list(Inner.url_patterns) == []


async def test_a_response_object_that_answers_many_requests_is_not_added_to() -> None:
    refusal = Response("no", 403)

    @service
    class Refuse:
        async def do_filter(self, request: Request, call_next: CallNext) -> Any:
            return refusal

        def should_not_filter(self, request: Request) -> bool:
            return False

    async with client_of(Refuse) as client:
        for _ in range(3):
            answer = await client.get("/anything")
            assert (answer.status_code, answer.text) == (403, "no")
            assert len(answer.headers.get_list("x-transaction-id")) == 1
    assert [name for name, _ in refusal.raw_headers if name == b"x-transaction-id"] == []


async def test_a_filter_replaces_removes_and_adds_headers() -> None:
    @rest_controller
    class Answering:
        @get_mapping("/one")
        async def one(self) -> ResponseEntity[str]:
            return ResponseEntity("x", headers={"X-One": "1", "X-Two": "2"})

    @service
    class Change:
        async def do_filter(self, request: Request, call_next: CallNext) -> Any:
            response = await call_next(request)
            response.headers["X-ONE"] = "changed"
            del response.headers["x-two"]
            response.headers["X-Three"] = "3"
            return response

        def should_not_filter(self, request: Request) -> bool:
            return False

    async with client_of(Answering, Change) as client:
        headers = (await client.get("/one")).headers
        assert (headers.get_list("x-one"), headers["x-three"], "x-two" in headers) == (
            ["changed"],
            "3",
            False,
        )


async def test_a_filtered_request_leaves_no_work_to_the_garbage_collector() -> None:
    @rest_controller
    class Answering:
        @get_mapping("/one")
        async def one(self) -> int:
            return 1

    async with client_of(Answering, Outer) as client:
        await client.get("/one")
        gc.collect()
        gc.disable()
        try:
            assert (await client.get("/one")).json() == 1
            left = [found for found in gc.get_objects() if type(found).__name__ == "FilterRequest"]
        finally:
            gc.enable()
    assert left == []
