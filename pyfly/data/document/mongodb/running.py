"""What both sides of a manager do: begin transactions, end them, and run operations in them."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar, cast

import pymongo
from pymongo.read_concern import ReadConcern

from pyfly.data.document.mongodb.errors import translate, translated
from pyfly.data.document.mongodb.session import Driver, MongoSession, begun, ended
from pyfly.data.exceptions import (
    HARMLESS,
    IllegalTransactionStateError,
    ReadOnlyTransactionError,
    TransactionConflictError,
)
from pyfly.data.repeating import Repeating
from pyfly.data.transactions import Isolation, Transaction, TransactionManager, TransactionOptions
from pyfly.kernel.clock import Clock
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


class MongoTransactions(TransactionManager):
    """What both sides of a manager do, in coroutines; on the synchronous one they never wait."""

    def __init__(self, driver: Driver, repeating: Repeating, clock: Clock) -> None:
        """Work on *driver*."""
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


def _require_allowed(joined: MongoTransaction, *, is_write: bool) -> None:
    if is_write and joined.options.read_only:
        raise ReadOnlyTransactionError
