from typing import Any

from pydantic import BaseModel

from pyfly.kernel.exceptions import BusinessException, ConflictException
from pyfly.web import Request, ResponseEntity, exception_handler, get_mapping, post_mapping, rest_controller
from tests.web.support import client_of


class Model(BaseModel):
    n: int


@rest_controller
class Guarded:
    @get_mapping("/conflict")
    async def conflict(self) -> None:
        raise ConflictException("taken")

    @get_mapping("/business")
    def business(self) -> None:
        raise BusinessException("closed")

    @get_mapping("/key")
    async def key(self) -> None:
        raise KeyError("k")

    @get_mapping("/other")
    async def other(self) -> None:
        raise ArithmeticError

    @post_mapping("/bound")
    async def bound(self, model: Model) -> None: ...

    @exception_handler(BusinessException)
    async def on_business(self, exc: BusinessException) -> tuple[int, dict[str, str]]:
        return 451, {"business": str(exc)}

    @exception_handler(ConflictException)
    def on_conflict(self, exc: ConflictException) -> ResponseEntity[dict[str, str]]:
        return ResponseEntity({"conflict": str(exc)}, 409, {"X-Kind": "conflict"})

    @exception_handler(KeyError, status_code=404)
    async def on_key(self, exc: KeyError, request: Request) -> dict[str, Any]:
        return {"path": request.url.path}


async def test_the_most_specific_handler_of_the_controller_answers() -> None:
    async with client_of(Guarded) as client:
        conflict, business = await client.get("/conflict"), await client.get("/business")
    assert (conflict.status_code, conflict.json(), conflict.headers["x-kind"]) == (
        409,
        {"conflict": "taken"},
        "conflict",
    )
    assert (business.status_code, business.json()) == (451, {"business": "closed"})


async def test_a_handler_may_ask_for_the_request_and_set_the_status() -> None:
    async with client_of(Guarded) as client:
        answer = await client.get("/key")
    assert (answer.status_code, answer.json()) == (404, {"path": "/key"})


async def test_failures_of_binding_are_handled_too() -> None:
    async with client_of(Guarded) as client:
        answer = await client.post("/bound", json={"n": "x"})
    assert answer.json()["business"].startswith("Validation failed: n: ")


async def test_what_no_handler_matches_is_an_ordinary_error() -> None:
    async with client_of(Guarded) as client:
        assert (await client.get("/other")).json()["code"] == "INTERNAL_ERROR"
