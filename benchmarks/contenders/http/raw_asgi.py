"""ASGI applications written by hand, with pydantic-core at both ends: the floor."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from pydantic import TypeAdapter

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

DISTRIBUTIONS = ("pydantic", "uvicorn")

_Scope = dict[str, Any]
_Receive = Callable[[], Awaitable[dict[str, Any]]]
_Send = Callable[[dict[str, Any]], Awaitable[None]]
_Application = Callable[[_Scope, _Receive, _Send], Awaitable[None]]

_TEXT = (b"content-type", b"text/plain; charset=utf-8")
_JSON = (b"content-type", b"application/json")
_read_order = TypeAdapter(Order).validator.validate_json
_write_item = TypeAdapter(Item).serializer.to_json
_write_receipt = TypeAdapter(Receipt).serializer.to_json
_service = OrderService()


async def _answer(send: _Send, content_type: tuple[bytes, bytes], body: bytes) -> None:
    headers = [content_type, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _plaintext(_scope: _Scope, _receive: _Receive, send: _Send) -> None:
    await _answer(send, _TEXT, GREETING.encode())


async def _item(scope: _Scope, _receive: _Receive, send: _Send) -> None:
    item_id = int(scope["path"].rpartition("/")[2])
    query = parse_qs(scope["query_string"].decode("latin-1")).get("q")
    await _answer(send, _JSON, _write_item(find(item_id, query[-1] if query else None)))


async def _order(_scope: _Scope, receive: _Receive, send: _Send) -> None:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await _answer(send, _JSON, _write_receipt(_service.place(_read_order(body), Ticket())))


async def _http(scope: _Scope, receive: _Receive, send: _Send) -> None:
    path = scope["path"]
    if path == "/plaintext":
        await _plaintext(scope, receive, send)
    elif path.startswith("/api/items/"):
        await _item(scope, receive, send)
    elif path == "/api/orders" and scope["method"] == "POST":
        await _order(scope, receive, send)
    else:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def plaintext() -> object:
    return _http


json_get = json_post = plaintext


def filters5() -> object:
    application: _Application = _http
    for number in range(FILTERS):
        application = AddHeader(application, number)
    return application
