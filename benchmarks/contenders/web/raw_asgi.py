"""An ASGI application written by hand: the floor."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.contenders.web.model import item

DISTRIBUTIONS = ("uvicorn",)

_Send = Callable[[dict[str, Any]], Awaitable[None]]


async def _application(scope: dict[str, Any], _receive: object, send: _Send) -> None:
    if scope["type"] != "http":
        return
    body = json.dumps(item(int(scope["path"].rpartition("/")[2]))).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def first_200() -> object:
    return _application
