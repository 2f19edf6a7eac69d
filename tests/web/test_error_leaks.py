"""Row B27: what failed inside stays inside, whatever it was and wherever it happened; its id leads to the log."""

import json
import logging
import subprocess
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from pyfly.kernel import exceptions
from pyfly.web import (
    Body,
    PathVar,
    Request,
    Response,
    ResponseStatusException,
    exception_handler,
    get_mapping,
    post_mapping,
    rest_controller,
)
from tests.web.support import client_of

CANARY = "c4n4ry-pa55word"


class OwnError(Exception):
    def __str__(self) -> str:
        return f"SELECT * FROM users WHERE password = '{CANARY}'"


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError(CANARY)

    __repr__ = __str__


def chained() -> Exception:
    failure = RuntimeError(CANARY)
    failure.__cause__ = ValueError(CANARY)
    failure.add_note(CANARY)
    return failure


def server_errors() -> dict[str, Exception]:
    kernel = [
        exceptions.InfrastructureException, exceptions.ServiceUnavailableException, exceptions.BadGatewayException,
        exceptions.CircuitBreakerException, exceptions.BulkheadException, exceptions.OperationTimeoutException,
        exceptions.RetryExhaustedException, exceptions.DegradedServiceException, exceptions.NotImplementedException,
        exceptions.ExternalServiceException, exceptions.ThirdPartyServiceException, exceptions.GatewayTimeoutException,
        exceptions.PyFlyException,
    ]  # fmt: skip
    found: list[Exception] = [
        *(kind(CANARY, context={"dsn": CANARY}) for kind in kernel),
        *(
            kind(CANARY)
            for kind in (RuntimeError, ValueError, KeyError, LookupError, TypeError, AssertionError)
        ),
        OSError(2, CANARY, f"/home/{CANARY}"),
        ConnectionRefusedError(111, CANARY),
        TimeoutError(CANARY),
        UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
        subprocess.CalledProcessError(1, ["psql", CANARY], CANARY),
        ExceptionGroup(CANARY, [ValueError(CANARY)]),
        OwnError(),
        UnprintableError(),
        chained(),
        HTTPException(500, CANARY),
        ResponseStatusException(502, CANARY),
        NotImplementedError(CANARY),
        RecursionError(CANARY),
    ]
    return {f"{at}-{type(failure).__name__}": failure for at, failure in enumerate(found)}


KINDS = sorted(server_errors())


class Card(BaseModel):
    number: int
    secret: SecretStr
    note: str = "x" * 10


@rest_controller
class Failing:
    @get_mapping("/json/{kind}")
    async def by_json(self, kind: str) -> dict[str, Any]:
        raise server_errors()[kind]

    @get_mapping("/sync/{kind}")
    def by_sync(self, kind: str) -> dict[str, Any]:
        raise server_errors()[kind]

    @get_mapping("/stream/{kind}")
    async def by_stream(self, kind: str) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            raise server_errors()[kind]
            yield b""

        return Early(parts())

    @get_mapping("/filter/{kind}")
    async def by_filter(self, kind: str) -> str:
        return "not reached"

    @get_mapping("/handler/{kind}")
    async def by_handler(self, kind: str) -> str:
        raise AttributeError(kind)

    @exception_handler(AttributeError)
    async def on_attribute(self, failure: AttributeError) -> None:
        raise server_errors()[str(failure)]

    @get_mapping("/result")
    async def result(self) -> dict[str, int]:
        return {"number": CANARY}  # type: ignore[dict-item]  # what is tested

    @post_mapping("/cards")
    async def card(self, card: Body[Card]) -> None: ...

    @get_mapping("/cards/{number:str}")
    async def by_number(self, number: PathVar[int]) -> None: ...

    @get_mapping("/inside")
    async def inside(self) -> None:
        TypeAdapter(list[Card]).validate_python([{"number": CANARY, "secret": CANARY}])


class Early(StreamingResponse):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await anext(self.body_iterator)  # type: ignore[call-overload]  # an async generator


class Gate:
    async def do_filter(self, request: Request, call_next: Any) -> Any:
        place, _, kind = request.url.path[1:].partition("/")
        if place == "filter":
            raise server_errors()[kind]
        return await call_next(request)

    def should_not_filter(self, request: Request) -> bool:
        return False


def test_there_are_thirty_kinds() -> None:
    assert len(KINDS) >= 30


@pytest.mark.parametrize("place", ["json", "sync", "stream", "filter", "handler"])
async def test_no_server_error_shows_what_failed_and_its_id_is_that_of_the_log(
    place: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_of(Failing, Gate) as client:
        for kind in KINDS:
            caplog.clear()
            answer = await client.get(f"/{place}/{kind}")
            assert answer.status_code >= 500, kind
            assert CANARY not in answer.text + str(answer.headers), kind
            logged = [record for record in caplog.records if record.levelno == logging.ERROR]
            assert [record.__dict__["error_id"] for record in logged] == [answer.json()["error_id"]], kind
            assert not {"Traceback", ".py", "Exception", "users"} & set(answer.text.split())


@pytest.mark.parametrize("path", ["/result", "/inside"])
async def test_data_that_breaks_its_own_model_inside_is_not_shown(path: str) -> None:
    async with client_of(Failing) as client:
        answer = await client.get(path)
    assert answer.status_code >= 400
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"number": CANARY, "secret": CANARY},
        {"number": 1, "secret": {"nested": CANARY}},
        {"number": CANARY * 100, "secret": "x"},
        {"number": 1, "secret": "x", "note": [CANARY]},
    ],
)
async def test_refused_input_is_not_echoed(body: dict[str, Any]) -> None:
    async with client_of(Failing) as client:
        answer = await client.post("/cards", json=body)
        path = await client.get(f"/cards/{CANARY}")
    assert (answer.status_code, path.status_code) == (422, 400)
    assert CANARY not in answer.text
    assert CANARY not in json.dumps({**path.json(), "instance": ""})
