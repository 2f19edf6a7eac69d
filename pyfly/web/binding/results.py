"""From what a handler returned to a reply: the general path, for whatever was not foreseen at start-up."""

from collections.abc import Callable
from typing import Any, Final

from pyfly.web.responses import NO_BODY, RawHeaders, Reply, ResponseEntity, Scope, raw_headers
from pyfly.web.wire import written

JSON: Final = (b"content-type", b"application/json")
OCTETS: Final = (b"content-type", b"application/octet-stream")

Serializer = Callable[[Any], bytes]


class _Lengths(dict[int, tuple[bytes, bytes]]):
    """The header that says how long a body is; those of small bodies are made once."""

    def __missing__(self, size: int) -> tuple[bytes, bytes]:
        header = b"content-length", b"%d" % size
        if size < _SMALL:
            self[size] = header
        return header


_SMALL: Final = 4096
content_length: Final = _Lengths()

FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
"""Headers that say how long a body is and in which pieces it is sent: the word of who sends it."""
_VALIDATORS: Final = frozenset({b"etag", b"last-modified"})


def dump_anything(value: Any) -> bytes:
    """Return *value* as JSON, going by its own type."""
    return written(value)


def is_asgi_response(value: object) -> bool:
    """Say whether *value* is a response object that sends itself."""
    return callable(value) and hasattr(value, "raw_headers") and hasattr(value, "status_code")


def answer(
    result: Any,
    status: int,
    dump: Serializer = dump_anything,
    content_type: tuple[bytes, bytes] = JSON,
    scope: Scope | None = None,
) -> Reply:
    """Return the reply for *result*, whatever it is.

    ``None`` is an empty body (204 unless the mapping has a status of its own), response objects and
    :class:`ResponseEntity` speak for themselves, bytes are sent as they are, everything else is JSON.
    An entity with an ``ETag`` or ``Last-Modified`` is held against the conditions of the request in *scope*.
    """
    if isinstance(result, ResponseEntity):
        extra = [each for each in raw_headers(result.headers) if each[0] not in FRAMING]
        reply = _complete(result.body, result.status, dump, extra, content_type)
        if scope is None or not any(name in _VALIDATORS for name, _ in extra):
            return reply
        from pyfly.web.conditional.evaluation import conditional  # only for those who use validators

        return conditional(reply, scope)
    if is_asgi_response(result):
        sent_by_itself: Reply = result
        return sent_by_itself
    own_status = 204 if result is None and status == 200 else status
    return _complete(result, own_status, dump, [], content_type)


def _complete(
    body: Any, status: int, dump: Serializer, extra: RawHeaders, content_type: tuple[bytes, bytes]
) -> tuple[int, RawHeaders, bytes]:
    if status in NO_BODY:
        return status, extra, b""
    content = b"" if body is None else body if isinstance(body, bytes) else dump(body)
    headers: RawHeaders = [content_length[len(content)], *extra]
    if body is not None and not any(name == b"content-type" for name, _ in extra):
        headers.append(OCTETS if isinstance(body, bytes) and content_type is JSON else content_type)
    return status, headers, content
