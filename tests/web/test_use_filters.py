"""Filters of single controllers and handlers, in booted applications."""

from typing import Any

import pytest

from pyfly.container import component, order, rest_controller
from pyfly.container.exceptions import BeanGraphError
from pyfly.kernel.exceptions import ConflictException, ForbiddenException
from pyfly.web import (
    Body,
    CallNext,
    ControllerRegistrar,
    OncePerRequestFilter,
    PathVar,
    Request,
    Response,
    WebSocketSession,
    controller_advice,
    exception_handler,
    get_mapping,
    idempotent,
    post_mapping,
    request_mapping,
    use_filters,
    websocket_mapping,
)
from tests.web.booted import application_of, booted


class Trail(OncePerRequestFilter):
    """Leaves its mark on the way in and on the way out."""

    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        name = type(self).__name__
        request.state.trail = [*getattr(request.state, "trail", []), name]
        response = await call_next(request)
        response.headers["x-trail"] = f"{response.headers.get('x-trail', response.status_code)} {name}"
        return response


@component
@order(-1)
class Everywhere(Trail): ...


@component
class OfController(Trail): ...


@component
class OfHandler(Trail): ...


@component
class OfAnother(Trail): ...


@component
class Guard(OncePerRequestFilter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        if "x-key" not in request.headers:
            raise ForbiddenException("no key")
        if request.headers["x-key"] == "short":
            return Response("cut", 299)
        await request.body()
        return await call_next(request)


class Base:
    @get_mapping("/{number}")
    @use_filters(OfHandler)
    async def one(self, number: PathVar[int], request: Request) -> list[str]:
        if number == 0:
            raise ConflictException("sold out")
        return [*request.state.trail]


@rest_controller
@request_mapping("/shop")
@use_filters(OfController)
class Shop(Base):
    orders = 0

    @get_mapping("/plain")
    async def plain(self, request: Request) -> list[str]:
        return [*request.state.trail]

    @idempotent()
    @use_filters(Guard)
    @post_mapping("/orders")
    async def place(self, order: Body[dict[str, int]]) -> int:
        type(self).orders += 1
        return self.orders + order["amount"]

    @use_filters(OfAnother)
    @use_filters(OfHandler, OfController)
    @get_mapping("/stacked")
    async def stacked(self, request: Request) -> list[str]:
        return [*request.state.trail]


@rest_controller
class Other:
    @get_mapping("/other")
    async def other(self, request: Request) -> list[str]:
        return [*request.state.trail]


@use_filters(OfHandler)
@get_mapping("/function")
async def function(request: Request) -> list[str]:
    return [*request.state.trail]


@idempotent()
@post_mapping("/numbers")
async def number() -> int:
    NUMBERS.append(1)
    return len(NUMBERS)


NUMBERS: list[int] = []
BEANS = (Everywhere, OfController, OfHandler, OfAnother, Guard)


async def test_filters_run_where_they_are_named_and_nowhere_else() -> None:
    async with booted(*BEANS, Shop, Other) as (_, client):
        one = await client.get("/shop/7")
        plain = await client.get("/shop/plain")
        stacked = await client.get("/shop/stacked")
        other = await client.get("/other")
        missing = await client.get("/shop/none/such")
    assert one.json() == ["Everywhere", "OfController", "OfHandler"]
    assert one.headers["x-trail"] == "200 OfHandler OfController Everywhere"
    assert plain.json() == ["Everywhere", "OfController"]
    assert stacked.json() == ["Everywhere", "OfController", "OfAnother", "OfHandler"]
    assert other.json() == ["Everywhere"]
    assert missing.headers["x-trail"] == "404 Everywhere"


async def test_they_see_failures_as_responses_advice_included() -> None:
    @controller_advice
    class Apologies:
        @exception_handler(ConflictException)
        async def on_conflict(self, failure: ConflictException) -> tuple[int, str]:
            return 409, f"sorry: {failure}"

    async with booted(*BEANS, Shop) as (_, client):
        plain = await client.get("/shop/0")
    async with booted(*BEANS, Shop, Apologies) as (_, client):
        advised = await client.get("/shop/0")
    assert (plain.status_code, plain.json()["detail"]) == (409, "sold out")
    assert (advised.status_code, advised.json()) == (409, "sorry: sold out")
    assert plain.headers["x-trail"] == advised.headers["x-trail"] == "409 OfHandler OfController Everywhere"


async def test_a_filter_may_refuse_answer_itself_and_read_the_body() -> None:
    Shop.orders = 0
    async with booted(*BEANS, Shop) as (_, client):

        async def place(**headers: str) -> Any:
            return await client.post("/shop/orders", json={"amount": 5}, headers=headers)

        statuses = [(await place(**headers)).status_code for headers in ({}, {"x-key": "short"})]
        placed = [await place(**{"x-key": "k", "idempotency-key": "1"}) for _ in range(2)]
        replayed = await place(**{"idempotency-key": "1"})
    assert statuses == [403, 299]
    assert [each.json() for each in placed] == [6, 6]
    assert (replayed.status_code, Shop.orders) == (403, 1)


async def test_routes_for_applications_of_starlette_have_them_too() -> None:
    from starlette.applications import Starlette

    from tests.web.support import client_for

    async with application_of(*BEANS, Shop) as running:
        routes = ControllerRegistrar().collect_routes(running.context)
        async with client_for(Starlette(routes=[*routes])) as client:
            answer = await client.get("/shop/7")
    assert answer.json() == ["OfController", "OfHandler"]


async def test_functions_may_name_them() -> None:
    from pyfly.core import PyFlyApplication, pyfly_application
    from tests.web.support import client_for

    @pyfly_application(name="functions", scan_packages=["tests.web.test_use_filters"])
    class Functions: ...

    application = PyFlyApplication(Functions, args=["--pyfly.banner.mode=OFF"])
    async with application, client_for(application.asgi()) as client:
        assert (await client.get("/function")).json() == ["Everywhere", "OfHandler"]
        numbers = [(await client.post("/numbers", headers={"idempotency-key": "k"})).json() for _ in "12"]
    assert numbers == [1, 1]


async def test_a_filter_that_is_no_bean_stops_the_start() -> None:
    with pytest.raises(BeanGraphError) as caught:
        async with booted(Everywhere, OfController, OfAnother, Guard, Shop):
            pass
    first, _ = caught.value.problems
    assert "Shop.one (" in first.diagnosis.what
    assert "uses a filter that cannot run: there is no bean of the class OfHandler (" in first.diagnosis.what
    assert first.diagnosis.fix == ("Put @component on OfHandler, and let its package be scanned.",)


async def test_a_bean_that_is_no_filter_stops_the_start() -> None:
    @component
    class Half:
        async def do_filter(self, request: Request, call_next: CallNext) -> Any: ...

    @rest_controller
    @use_filters(Half)
    class Wanting:
        @get_mapping("/wanting")
        async def get(self) -> None: ...

    with pytest.raises(BeanGraphError) as caught:
        async with booted(Half, Wanting):
            pass
    assert "Half lacks methods of WebFilter" in str(caught.value.diagnosis)


async def test_websockets_which_filters_do_not_see_stop_the_start() -> None:
    @rest_controller
    @use_filters(Guard)
    class Line:
        @websocket_mapping("/line")
        async def line(self, session: WebSocketSession) -> None: ...

    with pytest.raises(BeanGraphError) as caught:
        async with booted(Guard, Line):
            pass
    assert "Guard, which @use_filters names, is a filter of requests" in str(caught.value.diagnosis)


@pytest.mark.parametrize(
    "named", [Guard(), Other, "Guard", lambda: None], ids=["object", "class", "text", "function"]
)
def test_what_is_no_class_of_filters_is_refused_when_it_is_imported(named: Any) -> None:
    with pytest.raises(TypeError, match="takes classes of filters"):
        use_filters(named)
