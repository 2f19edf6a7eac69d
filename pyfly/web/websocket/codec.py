"""Messages of websockets: from values to frames and back."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pydantic_core import ValidationError

from pyfly.web.responses import Message
from pyfly.web.type_adapters import adapter_of
from pyfly.web.websocket.exceptions import INVALID, UNSUPPORTED, WebSocketException
from pyfly.web.wire import wired, written


def encoded(value: Any) -> Message:
    """Return the frame for *value*: text and bytes as they are, everything else as JSON."""
    if isinstance(value, str):
        return {"type": "websocket.send", "text": value}
    if isinstance(value, bytes | bytearray | memoryview):
        return {"type": "websocket.send", "bytes": bytes(value)}
    return {"type": "websocket.send", "text": written(value).decode()}


@lru_cache(maxsize=256)
def decoder(kind: Any) -> Callable[[Message], Any]:
    """Return the function that reads a frame as *kind*: ``str`` and ``bytes`` as they are, the others from JSON.

    It raises :class:`WebSocketException`: 1003 for a frame of the wrong sort, 1007 for one that does not fit.
    """
    if kind is bytes:
        return lambda message: _part(message, "bytes", "binary")
    if kind is str:
        return lambda message: _part(message, "text", "text")
    validate = wired(adapter_of(kind, "the messages")).validator.validate_json

    def read(message: Message) -> Any:
        try:
            return validate(_part(message, "text", "text"))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise WebSocketException(INVALID, f"{where}: {first['msg']}" if where else first["msg"]) from None

    return read


def _part(message: Message, name: str, expected: str) -> Any:
    found = message.get(name)
    if found is None:
        raise WebSocketException(UNSUPPORTED, f"{expected} messages only")
    return found
