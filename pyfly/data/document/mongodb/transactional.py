"""The decorator of earlier versions, for clients that were opened by hand."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pyfly.data.document.mongodb.managers import manager_of

R = TypeVar("R")


def mongo_transactional(
    client: Any,
) -> Callable[[Callable[..., Awaitable[R]]], Callable[..., Awaitable[R]]]:
    """Run an async function in a transaction of *client*, PyMongo's async one.

    Its arguments are passed on unchanged. What repositories do in it belongs to the transaction, which commits
    when the function returns and rolls back when it raises or is cancelled. In beans, ``@transactional`` does
    the same without a client.
    """

    def decorate(function: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R]]:
        @functools.wraps(function)
        async def in_transaction(*args: Any, **kwargs: Any) -> R:
            async with manager_of(client).transaction():
                return await function(*args, **kwargs)

        return in_transaction

    return decorate
