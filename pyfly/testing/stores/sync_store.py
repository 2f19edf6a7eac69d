"""Lets the suite, which is async, test the synchronous side of a store."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from pyfly.data.transactions import DEFAULT_OPTIONS, TransactionOptions
from pyfly.testing.stores.store import Store


def synchronous(store: Store) -> Store:
    """Return *store*, used through the synchronous views of its repositories."""
    return store._replace(
        items=_Face(store.items.sync),
        tickets=_Face(store.tickets.sync),
        transactions=_Transactions(store.transactions),
    )


class _Face:
    """Answers like a repository, by calling its synchronous view."""

    def __init__(self, view: Any) -> None:
        self._view = view

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._view, name)

        def stream(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            return _streamed(method(*args, **kwargs))

        async def call(*args: Any, **kwargs: Any) -> Any:
            return method(*args, **kwargs)

        return stream if name.startswith("stream") else call


class _Transactions:
    """Begins transactions like a manager, by its synchronous side."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager

    @asynccontextmanager
    async def transaction(self, options: TransactionOptions = DEFAULT_OPTIONS) -> AsyncIterator[Any]:
        with self._manager.transaction_sync(options) as transaction:
            yield transaction


async def _streamed(items: Iterator[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item
