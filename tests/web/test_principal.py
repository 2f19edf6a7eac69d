"""Who makes a request reaches handlers, websockets and idempotency keys of booted applications."""

from collections.abc import Iterable
from typing import Any, ClassVar

import pytest
from websockets.asyncio.client import connect

from pyfly.container import component, order, service
from pyfly.container.exceptions import BeanGraphError
from pyfly.security import SecurityContext
from pyfly.web import (
    Argument,
    ArgumentResolver,
    CallNext,
    OncePerRequestFilter,
    Request,
    Stage,
    StageSource,
    WebSocketSession,
    get_mapping,
    idempotent,
    post_mapping,
    rest_controller,
    websocket_mapping,
)
from pyfly.web.ports.arguments import Bind
from pyfly.web.responses import Scope
from pyfly.web.stages.parts import Parts
from tests.web.booted import booted
from tests.web.served import served


@service
@order(-10)
class Tokens(OncePerRequestFilter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        user = request.headers.get("authorization", request.headers.get("x-user", "")).partition("-")[0]
        if user:
            request.state.security_context = SecurityContext(user, roles=["CLERK"])
        return await call_next(request)


@rest_controller
class Desk:
    orders = 0

    @get_mapping("/me")
    async def me(self, caller: SecurityContext, greeting: str = "hello") -> str:
        return f"{greeting} {caller.user_id} {caller.is_authenticated} {caller.has_role('CLERK')}"

    @get_mapping("/maybe")
    def maybe(self, caller: SecurityContext | None = None) -> str | None:
        return caller.user_id if caller else "none"

    @idempotent()
    @post_mapping("/orders")
    async def place(self) -> int:
        type(self).orders += 1
        return self.orders


async def test_a_handler_gets_what_a_filter_has_put_there() -> None:
    async with booted(Tokens, Desk) as (_, client):
        known = await client.get("/me", headers={"authorization": "ann-1"})
        unknown = await client.get("/me?greeting=hi")
        maybe = await client.get("/maybe", headers={"authorization": "ben-1"})
    assert (known.json(), unknown.json()) == ("hello ann True True", "hi None False False")
    assert maybe.json() == "ben"


async def test_without_a_filter_everybody_is_unknown_and_the_document_asks_for_nothing() -> None:
    async with booted(Desk) as running:
        assert (await running.client.get("/me")).json() == "hello None False False"
        paths = (await running.document())["paths"]
    assert [each["name"] for each in paths["/me"]["get"]["parameters"]] == ["greeting"]
    assert not {"parameters", "requestBody"} & set(paths["/maybe"]["get"])
    assert "400" not in paths["/maybe"]["get"]["responses"]


async def test_answers_to_somebody_known_are_not_kept() -> None:
    async with booted(Tokens, Desk) as (_, client):
        known = await client.get("/me", headers={"x-user": "ann"})
        unknown = await client.get("/me")
    assert (known.headers["cache-control"], "cache-control" in unknown.headers) == ("no-store", False)


async def test_idempotency_keys_belong_to_the_user_whatever_they_send() -> None:
    Desk.orders = 0

    async def place(**headers: str) -> int:
        answer = await client.post("/orders", headers={"idempotency-key": "k", **headers})
        return int(answer.text)

    async with booted(Tokens, Desk) as (_, client):
        assert [await place(authorization=token) for token in ("ann-1", "ann-2")] == [1, 1]
        assert await place(authorization="ann-3", cookie="s=1") == 1
        assert await place(authorization="ben-1") == 2
        assert [await place(), await place(cookie="s=1"), await place()] == [3, 4, 3]


async def test_websockets_have_it_from_the_state_of_the_connection() -> None:
    @service
    class Marks(StageSource):
        def stages(self, parts: Parts, /) -> Iterable[Stage]:
            def check(scope: Scope) -> None:
                scope.setdefault("state", {})["security_context"] = SecurityContext("ann")

            yield Stage("marks", 0, check=check)

    @rest_controller
    class Line:
        @websocket_mapping("/line")
        async def line(self, session: WebSocketSession, caller: SecurityContext) -> None:
            await session.send(f"hello {caller.user_id}")

    async with served(Line, Marks) as app, connect(f"{app.ws}/line") as known:
        assert await known.recv() == "hello ann"
    async with served(Line) as app, connect(f"{app.ws}/line") as unknown:
        assert await unknown.recv() == "hello None"


async def test_an_own_resolver_takes_its_place() -> None:
    @component
    class Own(ArgumentResolver):
        types: ClassVar[tuple[type, ...]] = (SecurityContext,)

        def binder(self, argument: Argument, /) -> Bind:
            return lambda _: SecurityContext("own")

    async with booted(Own, Desk) as (_, client):
        assert (await client.get("/me")).json() == "hello own True False"


class Special(SecurityContext): ...


async def test_a_class_of_ones_own_that_nobody_makes_stops_the_start() -> None:
    @rest_controller
    class Wanting:
        @get_mapping("/special")
        async def special(self, caller: Special) -> None: ...

    with pytest.raises(BeanGraphError, match="'caller'"):
        async with booted(Wanting):
            pass
