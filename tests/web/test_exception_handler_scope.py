"""Exception handlers of request-scoped controllers, and those that take beans."""

from collections.abc import Iterator

import httpx
import pytest

from pyfly.container import Provider, Scope, rest_controller, service
from pyfly.container.exceptions import BeanGraphError
from pyfly.kernel.exceptions import ConflictException, ResourceNotFoundException
from pyfly.web import QueryParam, Request, controller_advice, exception_handler, get_mapping
from tests.container.support import add_factory
from tests.web.support import assembled, client_of, container_of

ENDED: list[str] = []


class Basket:
    """What one request keeps."""

    def __init__(self) -> None:
        self.items: list[str] = []


def basket() -> Iterator[Basket]:
    """Make one for each request, and say when it ends and how."""
    made = Basket()
    try:
        yield made
    except Exception as error:
        ENDED.append(",".join([*made.items, type(error).__name__]))
        raise
    ENDED.append("ended")


def client_with_baskets(*classes: type) -> httpx.AsyncClient:
    container = container_of(*classes)
    add_factory(container, basket, Basket, scope=Scope.REQUEST)
    return client_of(container=container)


@service
class Prices:
    """One for all."""

    def __init__(self, baskets: Provider[Basket]) -> None:
        self.baskets = baskets

    def current(self) -> list[str]:
        return self.baskets.get().items


@rest_controller(scope=Scope.REQUEST)
class Shop:
    """A controller for each request."""

    def __init__(self, basket: Basket) -> None:
        self.basket = basket

    @get_mapping("/key")
    async def key(self) -> None:
        self.basket.items.append("key")
        raise KeyError("key")

    @get_mapping("/conflict")
    def conflict(self) -> None:
        self.basket.items.append("conflict")
        raise ConflictException("taken")

    @get_mapping("/bound")
    async def bound(self, number: QueryParam[int]) -> None: ...

    @get_mapping("/bad")
    async def bad(self) -> None:
        raise ZeroDivisionError

    @exception_handler(KeyError, status_code=410)
    async def on_key(self, exc: KeyError) -> list[str]:
        ENDED.append("answering")
        return self.basket.items

    @exception_handler(ZeroDivisionError)
    async def on_zero(self, exc: ZeroDivisionError) -> None:
        raise LookupError


@controller_advice
class Everywhere:
    """Takes whatever there is."""

    @exception_handler(ConflictException, status_code=409)
    def on_conflict(
        self, basket: Basket, exc: ConflictException, prices: Prices, *, request: Request
    ) -> list[object]:
        return [str(exc), basket.items, prices.current(), request.url.path]

    @exception_handler(ResourceNotFoundException, status_code=404)
    async def on_missing(self, exc: ResourceNotFoundException, basket: Basket) -> list[str]:
        return ["missing", *basket.items]

    @exception_handler(LookupError, status_code=418)
    async def on_lookup(self, exc: LookupError, prices: Prices) -> str:
        return type(prices).__name__


async def test_the_handler_of_a_request_scoped_controller_runs_in_the_scope_of_its_request() -> None:
    ENDED.clear()
    async with client_with_baskets(Shop) as client:
        answer = await client.get("/key")
    assert (answer.status_code, answer.json()) == (410, ["key"])
    assert ENDED == ["answering", "key,KeyError"]


async def test_advice_takes_beans_those_of_the_request_included() -> None:
    ENDED.clear()
    async with client_with_baskets(Shop, Prices, Everywhere) as client:
        answer = await client.get("/conflict")
    assert (answer.status_code, answer.json()) == (
        409,
        ["taken", ["conflict"], ["conflict"], "/conflict"],
    )
    assert ENDED == ["conflict,ConflictException"]


async def test_what_fails_outside_of_a_handler_is_answered_in_a_scope_of_its_own() -> None:
    ENDED.clear()
    async with client_with_baskets(Shop, Prices, Everywhere) as client:
        missing, unbound = await client.get("/nowhere"), await client.get("/bound?number=x")
    assert (missing.status_code, missing.json()) == (404, ["missing"])
    assert unbound.status_code == 400
    assert ENDED == ["ended"]


async def test_what_the_handler_of_a_controller_raises_is_answered_by_advice() -> None:
    async with client_with_baskets(Shop, Prices, Everywhere) as client:
        answer = await client.get("/bad")
    assert (answer.status_code, answer.json()) == (418, "Prices")


async def test_advice_takes_a_singleton_where_there_are_no_scopes() -> None:
    @service
    class Words:
        text = "said"

    @rest_controller
    class Plain:
        @get_mapping("/plain")
        async def plain(self) -> None:
            raise KeyError

        @exception_handler(KeyError, status_code=410)
        async def on_key(self, words: Words, exc: KeyError) -> str:
            return words.text

    Plain.on_key.__annotations__["words"] = Words
    async with client_of(Plain, Words) as client:
        answer = await client.get("/plain")
    assert (answer.status_code, answer.json()) == (410, "said")


def test_an_exception_handler_with_an_unknown_parameter_stops_the_start() -> None:
    @controller_advice
    class Odd:
        @exception_handler(KeyError)
        async def on_key(self, exc: KeyError, number: int) -> None: ...

    with pytest.raises(
        BeanGraphError, match=r"Odd.on_key .* cannot answer exceptions: nothing says what 'number' is"
    ):
        assembled(container_of(Odd))
