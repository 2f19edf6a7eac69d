"""From what a handler returned to a reply: the general path, for whatever was not foreseen at start-up."""

from collections.abc import Callable
from typing import Any, Final

from pydantic_core import to_json

from pyfly.web.responses import RawHeaders, Reply, ResponseEntity, raw_headers

JSON: Final = (b"content-type", b"application/json")
OCTETS: Final = (b"content-type", b"application/octet-stream")
NO_BODY: Final = frozenset({204, 205, 304})

Serializer = Callable[[Any], bytes]


def dump_anything(value: Any) -> bytes:
    """Return *value* as JSON, going by its own type."""
    return to_json(value, by_alias=True)


def is_asgi_response(value: object) -> bool:
    """Say whether *value* is a response object that sends itself."""
    return callable(value) and hasattr(value, "raw_headers") and hasattr(value, "status_code")


def answer(result: Any, status: int, dump: Serializer = dump_anything) -> Reply:
    """Return the reply for *result*, whatever it is.

    ``None`` is an empty body (204 unless the mapping has a status of its own), response objects and
    :class:`ResponseEntity` speak for themselves, bytes are sent as they are, everything else is JSON.
    """
    if isinstance(result, ResponseEntity):
        return _complete(result.body, result.status, dump, raw_headers(result.headers))
    if is_asgi_response(result):
        reply: Reply = result
        return reply
    return _complete(result, 204 if result is None and status == 200 else status, dump, [])


def _complete(body: Any, status: int, dump: Serializer, extra: RawHeaders) -> Reply:
    if status in NO_BODY:
        return status, extra, b""
    content = b"" if body is None else body if isinstance(body, bytes) else dump(body)
    headers: RawHeaders = [(b"content-length", b"%d" % len(content)), *extra]
    if body is not None and not any(name == b"content-type" for name, _ in extra):
        headers.append(OCTETS if isinstance(body, bytes) else JSON)
    return status, headers, content
