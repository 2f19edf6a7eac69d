"""BlackSheep; rodi gives the service and the ticket."""

from collections.abc import Awaitable, Callable
from typing import Any

from blacksheep import Application, Content, Response, text
from blacksheep.server.routing import Router
from pydantic import TypeAdapter

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

DISTRIBUTIONS = ("blacksheep", "pydantic", "rodi", "uvicorn")

_write_item = TypeAdapter(Item).serializer.to_json
_write_receipt = TypeAdapter(Receipt).serializer.to_json


def _json(body: bytes) -> Response:
    return Response(200, content=Content(b"application/json", body))


async def _greeting() -> Response:
    return text(GREETING)


async def _item(item_id: int, q: str | None = None) -> Response:
    return _json(_write_item(find(item_id, q)))


async def _order(data: Order, service: OrderService, ticket: Ticket) -> Response:
    return _json(_write_receipt(service.place(data, ticket)))


def _application() -> Application:
    app = Application(router=Router())
    app.services.add_singleton(OrderService)
    app.services.add_scoped(Ticket)
    app.router.add_get("/plaintext", _greeting)
    app.router.add_get("/api/items/{item_id}", _item)
    app.router.add_post("/api/orders", _order)
    return app


def plaintext() -> object:
    return _application()


json_get = json_post = plaintext


def filters5() -> object:
    app = _application()
    for number in range(FILTERS):
        app.middlewares.append(_adding(b"x-filter-%d" % number))
    return app


def _adding(name: bytes) -> Callable[[Any, Any], Awaitable[Any]]:
    async def adding(request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        response = await handler(request)
        response.add_header(name, b"yes")
        return response

    return adding
