"""Transactions of one MongoDB database. Operations are coroutines of a session of it."""

import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from typing import Any, TypeVar, cast

import pymongo
from beanie import Document
from pymongo.read_concern import ReadConcern

from pyfly.data.document.mongodb.errors import translate, translated
from pyfly.data.document.mongodb.repeating import MongoRepeating
from pyfly.data.document.mongodb.session import Driver, MongoSession, begun, ended
from pyfly.data.exceptions import (
    HARMLESS,
    IllegalTransactionStateError,
    ReadOnlyTransactionError,
    TransactionConflictError,
)
from pyfly.data.repeating import EVERYTHING, Repeatable, Repeating
from pyfly.data.transaction_scope import run_now
from pyfly.data.transactions import Isolation, Transaction, TransactionManager, TransactionOptions
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import ServiceUnavailableException

R = TypeVar("R")
Operation = Callable[..., Coroutine[Any, Any, R]]

# MongoDB's levels: https://www.mongodb.com/docs/manual/core/transactions/#transactions-and-read-concern
_READ_CONCERNS: dict[Isolation, ReadConcern | None] = {
    Isolation.DEFAULT: None,
    Isolation.READ_UNCOMMITTED: ReadConcern("local"),
    Isolation.READ_COMMITTED: ReadConcern("majority"),
    Isolation.REPEATABLE_READ: ReadConcern("snapshot"),
}


class MongoTransaction(Transaction):
    """A transaction and its session. Work from several tasks, or threads, is done one after the other."""

    def __init__(
        self, manager: TransactionManager, options: TransactionOptions, session: MongoSession
    ) -> None:
        """Describe a transaction of *manager* that works on *session*."""
        super().__init__(manager, options)
        self.session = session
        self.lock = session.driver.lock()


class _MongoTransactions(TransactionManager):
    """What both sides of a manager do, in coroutines; on the synchronous one they never wait."""

    def __init__(self, driver: Driver, repeating: Repeating, clock: Clock) -> None:
        self.driver = driver
        self.clock = clock
        self._repeating = repeating

    def __str__(self) -> str:
        return "the document database"

    async def begin(self, options: TransactionOptions) -> Transaction:
        """Return a new transaction; the server hears of it when it is first used.

        Raises:
            IllegalTransactionStateError: The server has no transactions, or not such an isolation.
            ServiceUnavailableException: The application started without the database, which still does not answer.
        """
        if options.isolation not in _READ_CONCERNS:
            raise IllegalTransactionStateError(
                "MongoDB has no serializable transactions", "Ask for REPEATABLE_READ, which is a snapshot."
            )
        with translated():
            await self._ready()
            client_session = await begun(self.driver, _READ_CONCERNS[options.isolation])
        return MongoTransaction(self, options, MongoSession(self.driver, client_session))

    async def commit(self, transaction: Transaction) -> None:
        """Make *transaction* permanent and give its session back.

        Raises:
            PyFlyException: The server did not accept the commit.
        """
        owned = cast("MongoTransaction", transaction)
        async with owned.lock:
            with translated():
                await ended(owned.session, is_kept=True)

    async def rollback(self, transaction: Transaction) -> None:
        """Undo *transaction* and give its session back."""
        owned = cast("MongoTransaction", transaction)
        async with owned.lock:
            await ended(owned.session, is_kept=False)

    def translate(self, failure: Exception) -> Exception:
        """Return the framework's exception for a driver error."""
        return translate(failure)

    def attempts(self, options: TransactionOptions) -> int:
        """Return what *options* say, or else what is configured."""
        return options.retry or self._repeating.max_attempts

    def is_repeatable(self, failure: Exception, arguments: tuple[object, ...]) -> bool:
        """Return whether nothing is left of the transaction, and no document was handed in."""
        return self._repeating.is_repeatable(failure, arguments)

    def pause_after(self, attempt: int) -> float:
        """Return a random pause, so that those who were in each other's way are not so again."""
        return self._repeating.pause_after(attempt)

    async def _run(self, operation: "Operation[R]", args: Any, kwargs: Any, *, is_write: bool) -> R:
        joined = cast("MongoTransaction | None", self.current())
        if joined is not None:
            return await self._join(joined, operation, args, kwargs, is_write=is_write)
        with translated():
            await self._ready()
        attempt = 1
        while True:
            try:
                with translated():
                    return await operation(MongoSession(self.driver), *args, **kwargs)
            except (TransactionConflictError, ServiceUnavailableException) as failure:
                # It was a transaction of the operation's own: nothing of it is left.
                is_last = attempt >= self._repeating.max_attempts
                if is_last or not self.is_repeatable(failure, (*args, *kwargs.values())):
                    raise
            await self._pause(self.pause_after(attempt))
            attempt += 1

    async def _pause(self, seconds: float) -> None:
        await self.clock.sleep(seconds)

    async def _join(
        self, joined: MongoTransaction, operation: "Operation[R]", args: Any, kwargs: Any, *, is_write: bool
    ) -> R:
        try:
            _require_allowed(joined, is_write=is_write)
            async with joined.lock:
                with self._timed(joined), translated():
                    return await operation(joined.session, *args, **kwargs)
        except HARMLESS:
            raise
        except BaseException as failure:
            joined.set_rollback_only(failure)
            raise

    def _timed(self, joined: MongoTransaction) -> AbstractContextManager[Any]:
        if joined.deadline is None:
            return nullcontext()
        now = self.clock.monotonic()
        joined.require_time(now)
        return cast("AbstractContextManager[Any]", pymongo.timeout(joined.deadline - now))

    async def _ready(self) -> None:
        """Wait until operations can be run."""


class MongoTransactionManager(_MongoTransactions):
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


class SyncMongoTransactions(_MongoTransactions):
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


def _require_allowed(joined: MongoTransaction, *, is_write: bool) -> None:
    if is_write and joined.options.read_only:
        raise ReadOnlyTransactionError("The transaction only reads; it refused a change")


def _is_document(argument: object) -> bool:
    return isinstance(argument, Document)
