"""The low-level door to every data source: a connection, with or without a transaction around it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from pyfly.data.relational.sqlalchemy.errors import translating
from pyfly.data.relational.sqlalchemy.sync_transactions import SyncTransaction
from pyfly.data.relational.sqlalchemy.transaction_manager import (
    SqlAlchemyTransaction,
    SqlAlchemyTransactionManager,
)
from pyfly.data.transaction_options import transaction_options


class ConnectionManager:
    """Offers connections of any data source by its name.

    They belong to the current transaction where there is one, so what repositories do and what is done by
    hand commits and rolls back together.
    """

    def __init__(self, manager_of: Callable[[str], SqlAlchemyTransactionManager]) -> None:
        """Ask *manager_of* for the transaction manager of a data source; the empty name is the default one."""
        self._manager_of = manager_of

    @asynccontextmanager
    async def transaction(self, name: str = "", **options: Any) -> AsyncIterator[AsyncConnection]:
        """Offer the connection of a transaction that ends with the block, or of the one that runs already.

        Args:
            name: The data source; empty for the default one.
            options: As for ``@transactional``: ``read_only``, ``propagation``, ``isolation``, ``timeout`` …
        """
        manager = self._manager_of(name)
        async with manager.transaction(transaction_options(**options)) as transaction:
            if not transaction.is_active:  # the propagation asks for none
                async with self._plain(manager) as connection:
                    yield connection
                return
            session = cast("SqlAlchemyTransaction", transaction).session
            with translating():
                yield await session.connection()

    @contextmanager
    def transaction_sync(self, name: str = "", **options: Any) -> Iterator[Connection]:
        """Offer a connection as :meth:`transaction` does, for code that is not async."""
        manager = self._manager_of(name)
        with manager.transaction_sync(transaction_options(**options)) as transaction:
            if not transaction.is_active:
                with manager.source.sync_engine.connect() as connection, translating():
                    yield connection
                return
            with translating():
                yield cast("SyncTransaction", transaction).session.connection()

    @asynccontextmanager
    async def connection(self, name: str = "") -> AsyncIterator[AsyncConnection]:
        """Offer the connection of the current transaction, or one of its own whose commits are the caller's."""
        manager = self._manager_of(name)
        current = manager.current()
        if current is None:
            async with self._plain(manager) as connection:
                yield connection
            return
        with translating():
            yield await cast("SqlAlchemyTransaction", current).session.connection()

    @staticmethod
    @asynccontextmanager
    async def _plain(manager: SqlAlchemyTransactionManager) -> AsyncIterator[AsyncConnection]:
        with translating():
            async with manager.source.serving(read_only=False).engine.connect() as connection:
                yield connection
