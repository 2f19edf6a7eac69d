"""Every failure becomes one error response: status table, renderers, converters, nothing leaks."""

import json
import logging
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from pyfly.container.exceptions import BeanCreationException
from pyfly.kernel import exceptions
from pyfly.kernel.clock import FixedClock
from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.types import ErrorResponse
from pyfly.web import (
    ErrorRenderer,
    ExceptionConverter,
    RenderedError,
    RequestInfo,
    ResponseStatusException,
    WebProperties,
    get_mapping,
    post_mapping,
    rest_controller,
)
from pyfly.web.errors.renderers import EnvelopeRenderer, ProblemRenderer
from pyfly.web.errors.status import status_of
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.properties import ErrorFormat, ErrorProperties
from tests.web.support import client_of

ENVELOPE = WebProperties(errors=ErrorProperties(format=ErrorFormat.ENVELOPE))
SCOPE = {
    "type": "http",
    "method": "GET",
    "scheme": "https",
    "path": "/a b",
    "raw_path": b"/a%20b",
    "query_string": b"q=1",
    "headers": [(b"host", b"shop.example")],
}


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ("ValidationException", 422),
        ("ResourceNotFoundException", 404),
        ("ConflictException", 409),
        ("DataIntegrityException", 409),
        ("ConcurrencyException", 409),
        ("PreconditionFailedException", 412),
        ("GoneException", 410),
        ("InvalidRequestException", 400),
        ("LockedResourceException", 423),
        ("MethodNotAllowedException", 405),
        ("UnsupportedMediaTypeException", 415),
        ("PayloadTooLargeException", 413),
        ("BusinessException", 400),
        ("UnauthorizedException", 401),
        ("ForbiddenException", 403),
        ("SecurityException", 403),
        ("QuotaExceededException", 429),
        ("RateLimitException", 429),
        ("CircuitBreakerException", 503),
        ("BulkheadException", 503),
        ("ServiceUnavailableException", 503),
        ("DegradedServiceException", 503),
        ("OperationTimeoutException", 504),
        ("GatewayTimeoutException", 504),
        ("NotImplementedException", 501),
        ("BadGatewayException", 502),
        ("ThirdPartyServiceException", 502),
        ("PyFlyException", 500),
    ],
)
def test_each_exception_has_its_status(failure: str, status: int) -> None:
    assert status_of(getattr(exceptions, failure)("x")) == status


def test_library_errors_have_a_status_too() -> None:
    assert status_of(TimeoutError()) == 504
    assert status_of(BeanCreationException("web", "x", "y")) == 500
    assert status_of(LookupError()) == 500


class Teapot(Exception):
    pass


class TeapotConverter(ExceptionConverter):
    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, Teapot)

    def convert(self, exc: Exception) -> PyFlyException:
        return ResponseStatusException(418, "short and stout", headers={"X-Pot": "tea"})


@rest_controller
class Failing:
    @get_mapping("/bug")
    async def bug(self) -> None:
        raise RuntimeError("the password is pa55word")

    @get_mapping("/missing")
    async def missing(self) -> None:
        raise exceptions.ResourceNotFoundException("No item 7", code="ITEM", context={"id": 7})

    @get_mapping("/bad-gateway")
    async def bad_gateway(self) -> None:
        raise exceptions.BadGatewayException("http://internal:99 said no")

    @get_mapping("/slow-down")
    async def slow_down(self) -> None:
        raise exceptions.RateLimitException("Too many", context={"retry_after": 3})

    @get_mapping("/teapot")
    async def teapot(self) -> None:
        raise Teapot

    @get_mapping("/library")
    async def library(self) -> None:
        raise HTTPException(409, "taken", headers={"X-Why": "taken"})

    @get_mapping("/json")
    async def json(self) -> None:
        json.loads("{")

    @get_mapping("/invalid")
    async def invalid(self) -> None:
        raise exceptions.ValidationException("no")


async def test_a_problem_says_what_happened_as_rfc_9457_wants_it() -> None:
    async with client_of(Failing) as client:
        answer = await client.get("/missing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.pop("transaction_id") == answer.headers["x-transaction-id"]
    assert body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "No item 7",
        "instance": "/missing",
        "code": "ITEM",
    }


async def test_the_envelope_is_the_other_form() -> None:
    async with client_of(Failing, properties=ENVELOPE) as client:
        answer = await client.get("/missing")
    error = answer.json()["error"]
    assert datetime.fromisoformat(error.pop("timestamp")).tzinfo == UTC
    assert error.pop("transaction_id") == answer.headers["x-transaction-id"]
    assert error == {
        "message": "No item 7",
        "code": "ITEM",
        "status": 404,
        "path": "/missing",
        "context": {"id": 7},
    }


@pytest.mark.parametrize("properties", [WebProperties(), ENVELOPE], ids=["problem", "envelope"])
@pytest.mark.parametrize("path", ["/bug", "/bad-gateway"])
async def test_a_server_error_shows_an_id_and_nothing_else_and_is_logged_once(
    properties: WebProperties, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_of(Failing, properties=properties) as client:
        answer = await client.get(path)
    assert "pa55word" not in answer.text
    assert "internal:99" not in answer.text
    body = answer.json().get("error", answer.json())
    (entry,) = [entry for entry in caplog.records if entry.levelno >= logging.ERROR]
    assert body["error_id"] in entry.getMessage()
    assert entry.exc_info is not None


async def test_a_client_error_is_not_logged_as_an_error(caplog: pytest.LogCaptureFixture) -> None:
    async with client_of(Failing) as client:
        await client.get("/missing")
        await client.get("/nowhere")
    assert [entry for entry in caplog.records if entry.levelno >= logging.WARNING] == []


async def test_a_rate_limit_says_when_to_come_back() -> None:
    async with client_of(Failing) as client:
        assert (await client.get("/slow-down")).headers["retry-after"] == "3"


async def test_converters_give_the_exceptions_of_libraries_a_status() -> None:
    async with client_of(Failing, TeapotConverter) as client:
        teapot, library, syntax = [await client.get(path) for path in ("/teapot", "/library", "/json")]
    assert (teapot.status_code, teapot.json()["detail"], teapot.headers["x-pot"]) == (
        418,
        "short and stout",
        "tea",
    )
    assert (library.status_code, library.json()["code"], library.headers["x-why"]) == (
        409,
        "CONFLICT",
        "taken",
    )
    assert (syntax.status_code, syntax.json()["code"]) == (400, "INVALID_JSON")


async def test_the_status_of_invalid_input_is_configurable() -> None:
    properties = WebProperties(errors=ErrorProperties(validation_status=400))
    async with client_of(Failing, properties=properties) as client:
        assert (await client.get("/invalid")).status_code == 400


class OwnRenderer(ErrorRenderer):
    media_type = "application/json"

    def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
        return RenderedError({"oops": error.message, "url": request.url}, headers={"X-Own": "1"})


class BrokenRenderer(OwnRenderer):
    def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
        raise LookupError


async def test_the_renderer_of_the_application_wins() -> None:
    async with client_of(Failing, OwnRenderer) as client:
        answer = await client.get("/missing?q=1")
        nowhere = await client.get("/nowhere")
    assert answer.json() == {"oops": "No item 7", "url": "http://test/missing?q=1"}
    assert (answer.headers["x-own"], nowhere.headers["x-own"]) == ("1", "1")


async def test_a_broken_renderer_still_leaves_an_answer() -> None:
    async with client_of(Failing, BrokenRenderer) as client:
        answer = await client.get("/missing")
    assert (answer.status_code, answer.json()["code"]) == (404, "ITEM")


class BrokenConverter(ExceptionConverter):
    def can_handle(self, exc: Exception) -> bool:
        raise LookupError

    def convert(self, exc: Exception) -> PyFlyException:
        raise NotImplementedError


async def test_a_broken_converter_still_leaves_an_answer() -> None:
    async with client_of(Failing, BrokenConverter) as client:
        assert (await client.get("/bug")).status_code == 500


class Upstream(Exception):
    """What a client of another service raises, with the headers of that one."""

    def __init__(self, headers: dict[str, str] | None) -> None:
        super().__init__("upstream")
        self.headers = headers
        self.violations = ("secret",)


@pytest.mark.parametrize("headers", [None, {"Set-Cookie": "a=b", "Content-Encoding": "gzip"}], ids=str)
def test_the_headers_of_other_answers_are_not_passed_on(headers: dict[str, str] | None) -> None:
    status, sent, body = ErrorTranslator(ProblemRenderer()).reply(Upstream(headers), SCOPE, "id")
    assert status == 500
    assert {name for name, _ in sent} == {b"content-type", b"content-length"}
    assert b"secret" not in body


@pytest.mark.parametrize("status", [103, 204, 205, 304])
def test_a_status_that_has_no_body_is_answered_without_one(status: int) -> None:
    failure = ResponseStatusException(status, headers={"content-type": "text/plain", "Content-Length": "9"})
    answered, sent, body = ErrorTranslator(ProblemRenderer()).reply(failure, SCOPE, "id")
    assert (answered, sent, body) == (status, [], b"")


async def test_the_headers_of_an_exception_with_a_status_are_sent_and_what_is_said_of_the_body_is_true() -> (
    None
):
    given = {
        "WWW-Authenticate": "Basic",
        "content-length": "3",
        "content-type": "text/plain",
        "retry-after": "9",
    }

    @rest_controller
    class Guarded:
        @get_mapping("/guarded")
        async def guarded(self) -> None:
            raise HTTPException(401, "who are you?", given)

    async with client_of(Guarded) as client:
        answer = await client.get("/guarded")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")
    assert answer.headers.get_list("content-type") == ["application/problem+json"]
    assert answer.headers.get_list("content-length") == [str(len(answer.content))]
    assert answer.headers.get_list("retry-after") == ["9"]


@pytest.mark.parametrize("headers", [["Vary"], {"Retry-After": 5}, {"Vary": "a\r\nb"}], ids=str)
def test_headers_that_cannot_be_sent_still_leave_an_answer(headers: Any) -> None:
    failure = exceptions.ConflictException("taken")
    vars(failure).update(headers=headers, violations=None)
    status, sent, body = ErrorTranslator(ProblemRenderer()).reply(failure, SCOPE, "id")
    assert (status, b"taken" in body) == (409, True)
    assert {name for name, _ in sent} == {b"content-type", b"content-length"}


@pytest.mark.parametrize(("said", "sent"), [(0.4, b"1"), (2, b"2"), (math.inf, None), ("soon", None)])
def test_a_pause_is_told_in_whole_seconds(said: object, sent: bytes | None) -> None:
    failure = exceptions.RateLimitException("Too many", context={"retry_after": said})
    _, headers, _ = ErrorTranslator(ProblemRenderer()).reply(failure, SCOPE, "id")
    assert dict(headers).get(b"retry-after") == sent


async def test_unknown_paths_and_methods_have_the_same_form() -> None:
    async with client_of(Failing) as client:
        unknown, wrong = await client.get("/nowhere"), await client.post("/bug")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_url_is_the_one_that_was_asked_for() -> None:
    seen: list[RequestInfo] = []

    class Spy(ProblemRenderer):
        def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
            seen.append(request)
            return super().render(error, failure, request)

    ErrorTranslator(Spy()).reply(exceptions.ConflictException("x"), SCOPE, "id")
    assert seen == [RequestInfo("GET", "/a b", "https://shop.example/a%20b?q=1")]


def test_the_time_of_an_error_is_that_of_the_clock() -> None:
    clock = FixedClock(datetime(2026, 1, 2, tzinfo=UTC))
    _, _, body = ErrorTranslator(EnvelopeRenderer(), clock=clock).reply(
        exceptions.ConflictException("x"), SCOPE, "id"
    )
    assert json.loads(body)["error"]["timestamp"] == "2026-01-02T00:00:00+00:00"


async def test_a_failure_after_the_response_has_begun_is_left_to_the_server() -> None:
    from starlette.responses import StreamingResponse

    @rest_controller
    class Streams:
        @post_mapping("/stream")
        async def stream(self) -> StreamingResponse:
            async def parts() -> Any:
                yield b"a"
                raise RuntimeError("late")

            return StreamingResponse(parts())

    async with client_of(Streams) as client:
        with pytest.raises(RuntimeError, match="late"):
            await client.post("/stream")
