"""The stores behind limits and locks that are shared."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from pyfly.kernel.exceptions import ServiceUnavailableException


class StoreUnavailableError(ServiceUnavailableException):
    """The store of shared limits and locks did not answer in time, or not as it should."""


class Bucket(NamedTuple):
    """The settings of a bucket of tokens.

    Attributes:
        size: How many tokens it holds; it is full at first.
        interval: The seconds after which it gets one more.
        max_wait: The longest time that anybody ever waits for a token of it, in seconds.
    """

    size: float
    interval: float
    max_wait: float


class Grant(NamedTuple):
    """The answer to somebody who wants a token.

    Attributes:
        granted: Whether a token is theirs.
        wait: In how many seconds it is there; for who gets none, when to ask again.
        mark: What gives the token back.
    """

    granted: bool
    wait: float
    mark: str = ""


class TokenStore(Protocol):
    """Port: buckets of tokens, by key. In no period are more granted than the rate and the size allow.

    Every method raises :class:`StoreUnavailableError` when the store does not answer.
    """

    async def take(self, key: str, bucket: Bucket, limit: float) -> Grant:
        """Take a token of *key* that is there now or within *limit* seconds.

        Who is granted one that is not there yet waits before using it, in the order of the grants.
        """

    async def give_back(self, key: str, bucket: Bucket, mark: str) -> bool:
        """Return an unused token that nobody has taken one after. Return whether it was taken back.

        Others stay taken: giving them back would let two calls through at one time.
        """

    def take_sync(self, key: str, bucket: Bucket, limit: float) -> Grant:
        """Take a token as :meth:`take` does, blocking the thread."""


class LockStore(Protocol):
    """Port: locks by name, each held under a token that is new for each acquisition, and only for a time.

    Every method raises :class:`StoreUnavailableError` when the store does not answer.
    """

    async def acquire(self, name: str, token: str, ttl: float) -> int | None:
        """Take the lock for *ttl* seconds, unless another token holds it: then return ``None``.

        The fencing number returned is higher than that of every holder before. Asking again with the token
        that holds the lock gives the same number.
        """

    async def renew(self, name: str, token: str, ttl: float) -> bool:
        """Let *token* hold the lock *ttl* seconds from now. Return false when it does not hold it any more."""

    async def release(self, name: str, token: str) -> bool:
        """Free the lock if *token* holds it; that of another is never freed. Return whether it did."""
