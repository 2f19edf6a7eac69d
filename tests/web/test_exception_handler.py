from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.container import order
from pyfly.kernel.exceptions import (
    BusinessException,
    ConflictException,
    GoneException,
    MethodNotAllowedException,
)
from pyfly.web import (
    Request,
    ResponseEntity,
    controller_advice,
    exception_handler,
    get_mapping,
    post_mapping,
    rest_controller,
)
from pyfly.web.binding.readers import ClientDisconnected
from tests.web.booted import booted
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


@rest_controller
class Unguarded:
    @get_mapping("/plain/{kind}")
    async def plain(self, kind: str) -> None:
        raise {"conflict": ConflictException("taken"), "key": KeyError("k"), "zero": ZeroDivisionError()}[
            kind
        ]


@order(2)
@controller_advice
class Everywhere:
    @exception_handler(BusinessException, status_code=418)
    async def on_business(self, request: Request, exc: BusinessException) -> dict[str, str]:
        return {"everywhere": type(exc).__name__, "path": request.url.path}

    @exception_handler(KeyError)
    def on_key(self, exc: KeyError) -> tuple[int, str]:
        return 410, "second"


@order(1)
@controller_advice
class First:
    @exception_handler(LookupError)
    async def on_lookup(self, exc: LookupError) -> tuple[int, str]:
        return 411, "general"

    @exception_handler(KeyError)
    async def on_key(self, exc: KeyError) -> tuple[int, str]:
        return 410, "first"

    @exception_handler(MethodNotAllowedException)
    async def on_method(self, exc: MethodNotAllowedException) -> tuple[int, str]:
        return 405, "not that"


async def test_advice_answers_for_all_controllers_and_for_routing() -> None:
    async with client_of(Unguarded, Everywhere) as client:
        conflict, nowhere = await client.get("/plain/conflict"), await client.get("/nowhere")
    assert (conflict.status_code, conflict.json()) == (
        418,
        {"everywhere": "ConflictException", "path": "/plain/conflict"},
    )
    assert nowhere.json() == {"everywhere": "ResourceNotFoundException", "path": "/nowhere"}


async def test_the_most_specific_advice_wins_then_the_first_by_order() -> None:
    async with client_of(Unguarded, Everywhere, First) as client:
        assert (await client.get("/plain/key")).json() == "first"
        assert (await client.post("/plain/key")).json() == "not that"
        assert (await client.get("/plain/zero")).status_code == 500


async def test_the_own_handlers_of_a_controller_come_before_advice() -> None:
    async with client_of(Guarded, Everywhere) as client:
        assert (await client.get("/business")).status_code == 451


@pytest.mark.parametrize(
    ("limits", "applies"),
    [
        ({"controllers": [Unguarded]}, True),
        ({"controllers": [Guarded]}, False),
        ({"packages": ["tests.web"]}, True),
        ({"packages": ["tests.we"]}, False),
        ({"packages": ["tests.we"], "controllers": [object]}, True),
    ],
)
async def test_advice_can_be_limited_to_controllers(limits: dict[str, Any], applies: bool) -> None:
    @controller_advice(**limits)
    class Limited:
        @exception_handler(ConflictException)
        async def on_conflict(self, exc: ConflictException) -> tuple[int, str]:
            return 499, "limited"

    async with client_of(Unguarded, Limited) as client:
        assert (await client.get("/plain/conflict")).status_code == (499 if applies else 409)
        assert (await client.get("/nowhere")).status_code == 404


async def test_advice_that_fails_is_an_error_response() -> None:
    @controller_advice
    class Failing:
        @exception_handler(ConflictException)
        async def on_conflict(self, exc: ConflictException) -> None:
            raise GoneException("gone")

    async with client_of(Unguarded, Failing) as client:
        assert (await client.get("/plain/conflict")).status_code == 410


async def test_nobody_answers_a_client_that_has_gone() -> None:
    told: list[Exception] = []

    @rest_controller
    class Catching:
        @post_mapping("/read")
        async def read(self, request: Request) -> str:
            raise ClientDisconnected

        @exception_handler(Exception)
        async def on_everything(self, exc: Exception) -> str:
            told.append(exc)
            return "caught"

    @controller_advice
    class Everywhere:
        @exception_handler(Exception)
        async def on_everything(self, exc: Exception) -> str:
            told.append(exc)
            return "caught"

    async with booted(Catching, Everywhere) as app:  # with a request scope
        with pytest.raises(AssertionError):  # The client insists on an answer.
            await app.client.post("/read")
    assert told == []
