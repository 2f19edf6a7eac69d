"""What a handler may return besides plain data."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pyfly.core.asgi import Message, Receive, Send

__all__ = [
    "NO_BODY",
    "AsgiCallable",
    "Message",
    "RawHeaders",
    "Receive",
    "Reply",
    "RequestFactory",
    "ResponseEntity",
    "Scope",
    "Send",
    "complete_reply",
    "raw_headers",
    "refuse_line_breaks",
]

T = TypeVar("T")

Scope = Message
RawHeaders = list[tuple[bytes, bytes]]
AsgiCallable = Callable[[Scope, Receive, Send], Awaitable[None]]
RequestFactory = Callable[[Scope, Receive], Any]
"""Makes the request object that a handler asks for."""
Reply = tuple[int, RawHeaders, bytes] | AsgiCallable
"""A complete answer: status, headers and body, or an ASGI callable that sends it itself."""

NO_BODY: Final = frozenset({204, 205, 304})
"""The statuses of answers that have no body."""

_TOKENS: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]").search


@dataclass(frozen=True)
class ResponseEntity(Generic[T]):
    """A body together with a status and headers that the handler chooses itself."""

    body: T
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def ok(cls, body: T) -> "ResponseEntity[T]":
        """Return 200 with *body*."""
        return cls(body)

    @classmethod
    def created(cls, location: str, body: T) -> "ResponseEntity[T]":
        """Return 201 with *body* and the ``Location`` of what was created, written for a header."""
        from pyfly.web.redirects import encoded  # only for those who create

        return cls(body, 201, {"Location": encoded(location)})

    @classmethod
    def redirect(
        cls, location: str, *, status: int = 303, allowed_hosts: Collection[str] = ()
    ) -> "ResponseEntity[Any]":
        """Return a redirect to *location*, which must lead somewhere in this application.

        Args:
            location: A path (``/orders/1``), or the URL of one of *allowed_hosts*.
            status: 303 (continue with GET), 302, 301, 307 or 308 (continue with the same method).
            allowed_hosts: Other hosts that may be named, such as ``shop.example.com``; with a port if it has one.

        Raises:
            InvalidRequestException: It leads elsewhere: what came from a request must not send users away.
        """
        from pyfly.web.redirects import safe_location  # only for those who redirect

        return ResponseEntity(None, status, {"Location": safe_location(location, allowed_hosts)})

    @classmethod
    def no_content(cls) -> "ResponseEntity[Any]":
        """Return 204 without a body."""
        return ResponseEntity(None, 204)

    @classmethod
    def not_found(cls) -> "ResponseEntity[Any]":
        """Return 404 without a body."""
        return ResponseEntity(None, 404)


def raw_headers(headers: Mapping[str, str]) -> RawHeaders:
    """Return *headers* as ASGI wants them.

    Raises:
        ValueError: A header would end early and start another one, or cannot be sent for another reason.
    """
    made = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    if made:
        refuse_line_breaks(made)
    return made


def complete_reply(reply: Reply) -> tuple[int, RawHeaders, bytes] | None:
    """Return status, headers and body of *reply*, or ``None`` if they are known only while it is sent."""
    if isinstance(reply, tuple):
        return reply
    body = getattr(reply, "body", None)
    if not isinstance(body, bytes) or getattr(reply, "background", None) is not None:
        return None
    whole: Any = reply
    return whole.status_code, list(whole.raw_headers), body


def refuse_line_breaks(headers: RawHeaders) -> None:
    """Check headers that somebody else made: those of response objects, and what filters added.

    Raises:
        ValueError: A name or value would end the header early and start another one, or is not allowed.
    """
    if not headers:
        return
    names, values = zip(*headers, strict=True)
    if _CONTROL(b"".join(values)) is not None:
        raise ValueError("the value of a response header contains a line break or a control character")
    if b"" in names or _TOKENS(b"".join(names)) is None:
        raise ValueError("the name of a response header contains characters that names cannot have")
