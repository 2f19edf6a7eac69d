"""Transactions of one MongoDB database. Operations are coroutines of a session of it."""

import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar, cast

from beanie import Document

from pyfly.data.document.mongodb.errors import translated
from pyfly.data.document.mongodb.repeating import MongoRepeating
from pyfly.data.document.mongodb.running import MongoTransaction, MongoTransactions, Operation
from pyfly.data.document.mongodb.session import Driver
from pyfly.data.exceptions import (
    IllegalTransactionStateError,
)
from pyfly.data.repeating import EVERYTHING, Repeatable, Repeating
from pyfly.data.transaction_scope import run_now
from pyfly.kernel.clock import Clock, SystemClock

R = TypeVar("R")


class MongoTransactionManager(MongoTransactions):
    """Runs operations in the current transaction, or each on its own.

    MongoDB has no savepoints, so the propagation NESTED is refused inside of a transaction; read-only
    transactions are kept from writing by the framework.
    """

    def __init__(
        self,
        driver: Driver,
        sync_driver: Driver | None = None,
        *,
        max_attempts: int = 3,
        backoff: timedelta = timedelta(milliseconds=50),
        errors: Iterable[Repeatable] = EVERYTHING,
        ready: Callable[[], Coroutine[Any, Any, None]] | None = None,
        ready_now: Callable[[], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Manage the transactions of the database behind *driver*.

        Args:
            driver: The async interface.
            sync_driver: The interface for code that is not async, if there is one.
            max_attempts: How often a unit is attempted at most when the server gives up its transaction.
            backoff: The longest pause before the second attempt; each further one may be twice as long.
            errors: The kinds of failures after which it is attempted again; single commands are repeated by PyMongo.
            ready: Waited for before each transaction, and before each operation outside of one.
            ready_now: Does the same for code that is not async.
            clock: What time it is; the machine's clock if there is none.
        """
        repeating = MongoRepeating(max_attempts, backoff, _is_document, errors)
        super().__init__(driver, repeating, clock or SystemClock())
        self._sync_driver = sync_driver
        self._sync: SyncMongoTransactions | None = None
        self._awaited = ready
        self._ready_now = ready_now

    @property
    def sync(self) -> "SyncMongoTransactions":
        """The same transactions for code that is not async, on connections of their own.

        Raises:
            IllegalTransactionStateError: There is no synchronous client.
        """
        if self._sync is None:
            if self._sync_driver is None:
                raise IllegalTransactionStateError(
                    "This document store has no synchronous client",
                    "Let the framework make the database: set pyfly.data.document.uri.",
                )
            self._sync = SyncMongoTransactions(self, self._sync_driver, self._repeating, self._ready_now)
        return self._sync

    async def read(self, operation: "Operation[R]", *args: Any, **kwargs: Any) -> R:
        """Run *operation*, which only reads, in the current transaction or on its own."""
        return await self._run(operation, args, kwargs, is_write=False)

    async def write(self, operation: "Operation[R]", *args: Any, **kwargs: Any) -> R:
        """Run *operation* in the current transaction, or on its own."""
        return await self._run(operation, args, kwargs, is_write=True)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Any]:
        """Offer PyMongo's session of the current transaction, or of a new one that ends with the block.

        It is what Beanie's own methods take: ``await document.insert(session=session)``.
        """
        async with self.transaction() as transaction:
            with translated():
                yield cast("MongoTransaction", transaction).session.client_session

    async def _ready(self) -> None:
        if self._awaited is not None:
            await self._awaited()


class SyncMongoTransactions(MongoTransactions):
    """The synchronous side of a manager."""

    is_synchronous = True

    def __init__(
        self,
        manager: MongoTransactionManager,
        driver: Driver,
        repeating: Repeating,
        ready: Callable[[], None] | None = None,
    ) -> None:
        """Be the synchronous side of *manager*, which calls *ready* before it uses *driver*."""
        super().__init__(driver, repeating, manager.clock)
        self._manager = manager
        self._called = ready

    @property
    def realm(self) -> object:
        """The manager whose other side this is."""
        return self._manager

    @property
    def sync(self) -> "SyncMongoTransactions":
        """Itself."""
        return self

    def read(self, operation: "Operation[R]", *args: Any, **kwargs: Any) -> R:
        """Run *operation*, which only reads, and return its result."""
        result: R = run_now(self._run(operation, args, kwargs, is_write=False))
        return result

    def write(self, operation: "Operation[R]", *args: Any, **kwargs: Any) -> R:
        """Run *operation* and return its result."""
        result: R = run_now(self._run(operation, args, kwargs, is_write=True))
        return result

    async def _pause(self, seconds: float) -> None:
        time.sleep(seconds)  # noqa: ASYNC251  # nobody waits for a loop here

    async def _ready(self) -> None:
        if self._called is not None:
            self._called()


def _is_document(argument: object) -> bool:
    return isinstance(argument, Document)
