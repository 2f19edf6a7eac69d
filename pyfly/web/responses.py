"""What a handler may return besides plain data."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pyfly.core.asgi import Message, Receive, Send

__all__ = [
    "AsgiCallable",
    "Message",
    "RawHeaders",
    "Receive",
    "Reply",
    "RequestFactory",
    "ResponseEntity",
    "Scope",
    "Send",
    "raw_headers",
]

T = TypeVar("T")

Scope = Message
RawHeaders = list[tuple[bytes, bytes]]
AsgiCallable = Callable[[Scope, Receive, Send], Awaitable[None]]
RequestFactory = Callable[[Scope, Receive], Any]
"""Makes the request object that a handler asks for."""
Reply = tuple[int, RawHeaders, bytes] | AsgiCallable
"""A complete answer: status, headers and body, or an ASGI callable that sends it itself."""

_FORBIDDEN: Final = frozenset("\r\n\0")


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
        """Return 201 with *body* and the ``Location`` of what was created."""
        return cls(body, 201, {"Location": location})

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
        ValueError: A value would end the header early and start another one.
    """
    for name, value in headers.items():
        if not _FORBIDDEN.isdisjoint(value):
            raise ValueError(f"the value of header {name!r} contains a line break")
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
