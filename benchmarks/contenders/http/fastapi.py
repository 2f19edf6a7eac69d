"""FastAPI."""

from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import PlainTextResponse

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

DISTRIBUTIONS = ("fastapi", "pydantic", "starlette", "uvicorn")

_service = OrderService()


async def _the_service() -> OrderService:
    return _service


async def _a_ticket() -> Ticket:
    return Ticket()


async def _greeting() -> str:
    return GREETING


async def _item(item_id: int, q: str | None = None) -> Item:
    return find(item_id, q)


async def _order(
    order: Order,
    service: Annotated[OrderService, Depends(_the_service)],
    ticket: Annotated[Ticket, Depends(_a_ticket)],
) -> Receipt:
    return service.place(order, ticket)


def plaintext() -> FastAPI:
    app = FastAPI()
    app.get("/plaintext", response_class=PlainTextResponse)(_greeting)
    app.get("/api/items/{item_id}")(_item)
    app.post("/api/orders")(_order)
    return app


json_get = json_post = plaintext


def filters5() -> object:
    app = plaintext()
    for number in range(FILTERS):
        app.add_middleware(AddHeader, number=number)
    return app
