"""Starlette, with pydantic-core called by hand at both ends."""

from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benchmarks.contenders.http.middleware import AddHeader
from benchmarks.contenders.http.model import (
    FILTERS,
    GREETING,
    MANY_ROUTES,
    Item,
    Order,
    OrderService,
    Receipt,
    Ticket,
    find,
)

DISTRIBUTIONS = ("pydantic", "starlette", "uvicorn")

_read_order = TypeAdapter(Order).validator.validate_json
_write_item = TypeAdapter(Item).serializer.to_json
_write_receipt = TypeAdapter(Receipt).serializer.to_json
_service = OrderService()


async def _greeting(_request: Request) -> Response:
    return PlainTextResponse(GREETING)


async def _item(request: Request) -> Response:
    item = find(request.path_params["item_id"], request.query_params.get("q"))
    return Response(_write_item(item), media_type="application/json")


async def _order(request: Request) -> Response:
    receipt = _service.place(_read_order(await request.body()), Ticket())
    return Response(_write_receipt(receipt), media_type="application/json")


_ROUTES = (
    Route("/plaintext", _greeting),
    Route("/api/items/{item_id:int}", _item),
    Route("/api/orders", _order, methods=["POST"]),
)


def plaintext() -> object:
    return Starlette(routes=_ROUTES)


json_get = json_post = plaintext


def filters5() -> object:
    return Starlette(routes=_ROUTES, middleware=[Middleware(AddHeader, number) for number in range(FILTERS)])


def routes500() -> object:
    others = [Route(f"/api/other{number}/{{item_id:int}}", _item) for number in range(MANY_ROUTES)]
    return Starlette(routes=[*others, *_ROUTES])
