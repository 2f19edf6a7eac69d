"""Port: where responses are kept for requests that are sent again."""

from datetime import timedelta
from typing import Protocol

from pyfly.kernel.record import Record
from pyfly.web.responses import RawHeaders


class Stored(Record):
    """What is known of a key.

    Attributes:
        fingerprint: Stands for the request that came with it.
        response: Status, headers and body of its response, or ``None`` while it is being worked on.
    """

    fingerprint: str
    response: tuple[int, RawHeaders, bytes] | None = None


class IdempotencyStore(Protocol):
    """Port: keeps one response per key; a bean must inherit this class, and replaces the store in memory.

    Keys are digests of who asked, of the route and of the key that was sent.
    """

    async def reserve(self, key: str, fingerprint: str, ttl: timedelta) -> Stored | None:
        """Return what is known of *key*; if that is nothing, reserve it and return ``None``.

        Both in one step: of several callers at the same time one gets ``None``. A reservation that is neither
        completed nor released ends after *ttl*.
        """

    async def complete(self, key: str, stored: Stored, ttl: timedelta) -> None:
        """Keep *stored*, the response included, for *ttl*."""

    async def release(self, key: str) -> None:
        """Forget *key*: there is no response that could be kept. An unknown key is no error."""
