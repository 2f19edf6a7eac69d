"""Litestar, with its pydantic plugin."""

from litestar import Litestar, MediaType, get, post
from litestar.di import Provide
from litestar.middleware import DefineMiddleware

from benchmarks.contenders.http.middleware import AddHeader
from benchmarks.contenders.http.model import (
    FILTERS,
    GREETING,
    Item,
    Order,
    OrderService,
    Receipt,
    Ticket,
    find,
)

DISTRIBUTIONS = ("litestar", "msgspec", "pydantic", "uvicorn")

_service = OrderService()


async def _the_service() -> OrderService:
    return _service


async def _a_ticket() -> Ticket:
    return Ticket()


@get("/plaintext", media_type=MediaType.TEXT)
async def _greeting() -> str:
    return GREETING


@get("/api/items/{item_id:int}")
async def _item(item_id: int, q: str | None = None) -> Item:
    return find(item_id, q)


@post(
    "/api/orders",
    status_code=200,
    dependencies={"service": Provide(_the_service), "ticket": Provide(_a_ticket)},
)
async def _order(data: Order, service: OrderService, ticket: Ticket) -> Receipt:
    return service.place(data, ticket)


_ROUTES = [_greeting, _item, _order]


def plaintext() -> object:
    return Litestar(_ROUTES)


json_get = json_post = plaintext


def filters5() -> object:
    return Litestar(
        _ROUTES, middleware=[DefineMiddleware(AddHeader, number=number) for number in range(FILTERS)]
    )
