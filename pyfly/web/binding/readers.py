"""The small functions that generated route functions call: query, cookies, body, collections."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any
from urllib.parse import unquote_plus

from pyfly.kernel.exceptions import (
    InvalidRequestException,
    PayloadTooLargeException,
    UnsupportedMediaTypeException,
)
from pyfly.web.responses import Message, Receive

Values = dict[str, list[str]]
Headers = dict[bytes, bytes]


class ClientDisconnected(Exception):  # an event, not an error
    """The client went away before its request was complete; nobody is left to answer."""


_unquoted = partial(unquote_plus, errors="strict")


@cache
def query_parser(limit: int) -> Callable[[bytes], Values]:
    """Return the function that reads a query string, or an urlencoded form, of at most *limit* values."""

    def parse_query(raw: bytes) -> Values:
        try:
            return parsed(raw.decode())
        except UnicodeDecodeError:
            raise InvalidRequestException("The parameters are not UTF-8", code="INVALID_ENCODING") from None

    def parsed(text: str) -> Values:
        if text.count("&") >= limit:
            raise InvalidRequestException("Too many query parameters", code="TOO_MANY_PARAMETERS")
        decode: Callable[[str], str] = _unquoted if "%" in text or "+" in text else str
        found: Values = {}
        for pair in text.split("&"):
            if pair:
                name, _, value = pair.partition("=")
                found.setdefault(decode(name), []).append(decode(value))
        return found

    return parse_query


parse_query = query_parser(1000)


def parse_cookies(raw: bytes | None) -> dict[str, str]:
    """Return the cookies of a ``Cookie`` header."""
    found: dict[str, str] = {}
    for pair in (raw or b"").decode("latin-1").split(";"):
        name, separator, value = pair.partition("=")
        if separator:
            found[name.strip()] = value.strip().removeprefix('"').removesuffix('"')
    return found


def header_values(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """Return every value of a header, splitting comma-separated lists."""
    return [
        part.strip() for key, value in headers if key == name for part in value.decode("latin-1").split(",")
    ]


def query_fields(values: Values, collections: frozenset[str]) -> dict[str, Any]:
    """Return query values for a model: lists for its collection fields, else the last value."""
    return {name: found if name in collections else found[-1] for name, found in values.items()}


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    """Return the whole request body, refusing one over *limit* before reading past it."""
    length = headers.get(b"content-length")
    if length is not None and (not length.isdigit() or int(length) > limit):
        raise _too_large(limit)
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnected
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        body = await _read_rest(receive, body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return body


async def _read_rest(receive: Receive, first: bytes, limit: int) -> bytes:
    chunks, size, more = [first], len(first), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def limited(receive: Receive, limit: int) -> Receive:
    """Return a *receive* that refuses to go past *limit* bytes of body."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit and message["type"] != "http.disconnect":
            raise _too_large(limit)
        return message

    return counted


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a *receive* that delivers a body which has been read already, and then whatever *receive* does."""
    is_delivered = False

    async def deliver() -> Message:
        nonlocal is_delivered
        if is_delivered:
            return await receive()
        is_delivered = True
        return {"type": "http.request", "body": body, "more_body": False}

    return deliver


def refuse_encoded(headers: Headers) -> None:
    """Refuse a compressed body: unpacking what strangers send is how small requests fill the memory."""
    encoding = headers.get(b"content-encoding", b"identity")
    if encoding.strip().lower() not in (b"", b"identity"):
        raise UnsupportedMediaTypeException(
            "Request bodies must not be compressed", code="UNSUPPORTED_CONTENT_ENCODING"
        )


def require_json(content_type: bytes | None) -> None:
    """Refuse a body whose content type is stated and is not JSON."""
    if content_type is None:
        return
    media_type = content_type.partition(b";")[0].strip().lower()
    if media_type != b"application/json" and not (
        media_type.startswith(b"application/") and media_type.endswith(b"+json")
    ):
        shown = media_type.decode("latin-1")
        raise UnsupportedMediaTypeException(
            f"Content type '{shown}' is not supported; send application/json", code="UNSUPPORTED_MEDIA_TYPE"
        )


def _too_large(limit: int) -> PayloadTooLargeException:
    return PayloadTooLargeException(
        f"The request body is larger than {limit} bytes", code="PAYLOAD_TOO_LARGE"
    )
