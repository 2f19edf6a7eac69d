"""Transactions: where they begin, who joins them, and what makes them roll back.

The current transaction is carried by the context, so that services and repositories join it
without being handed anything.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, ClassVar

from pyfly.data.cancellation import uninterrupted
from pyfly.data.exceptions import IllegalTransactionStateError, TransactionTimedOutError
from pyfly.data.propagation import Way, mixed, warn_of_another, way_of
from pyfly.data.transaction_options import (
    DEFAULT_OPTIONS,
    Isolation,
    Propagation,
    TransactionOptions,
    transactional,
)
from pyfly.data.transaction_scope import (
    Callback,
    Transaction,
    Unit,
    after_commit,
    after_rollback,
    before_commit,
    notify,
    prepare,
    run_now,
    running,
    set_rollback_only,
)
from pyfly.kernel.clock import Clock, SystemClock

__all__ = [
    "DEFAULT_OPTIONS",
    "Callback",
    "Isolation",
    "Propagation",
    "Transaction",
    "TransactionManager",
    "TransactionOptions",
    "after_commit",
    "after_rollback",
    "before_commit",
    "set_rollback_only",
    "transactional",
]

_log = logging.getLogger("pyfly.data")


class TransactionManager(ABC):
    """Begins and ends the transactions of one store."""

    is_synchronous: ClassVar[bool] = False
    clock: Clock = SystemClock()

    @abstractmethod
    async def begin(self, options: TransactionOptions) -> Transaction:
        """Return a new transaction. Resources may be taken when it is first used."""

    @abstractmethod
    async def commit(self, transaction: Transaction) -> None:
        """Make *transaction* permanent and give its resources back, also when that fails."""

    @abstractmethod
    async def rollback(self, transaction: Transaction) -> None:
        """Undo *transaction* and give its resources back."""

    async def savepoint(self, outer: Transaction, options: TransactionOptions) -> Transaction:
        """Return a part of *outer* that can be undone alone."""
        raise _without_savepoints(self)

    async def release(self, part: Transaction) -> None:
        """End what :meth:`savepoint` has begun; what was done in it stays a part of the whole."""
        raise _without_savepoints(self)

    async def rollback_to(self, part: Transaction) -> None:
        """End what :meth:`savepoint` has begun and undo what was done in it."""
        raise _without_savepoints(self)

    @property
    def realm(self) -> object:
        """Whose transactions these are: the manager itself, also for its synchronous side."""
        return self

    @property
    def sync(self) -> "TransactionManager":
        """The same transactions for code that is not async."""
        raise IllegalTransactionStateError(
            f"{type(self).__name__} has no synchronous transactions", "Write an async method."
        )

    def translate(self, failure: Exception) -> Exception:
        """Return what to raise for *failure*: itself, or an exception of the framework."""
        return failure

    def attempts(self, options: TransactionOptions) -> int:
        """Return how often a unit with *options* is attempted at most."""
        return options.retry or 1

    def is_repeatable(self, failure: Exception, arguments: tuple[object, ...]) -> bool:
        """Return whether a unit that was given *arguments* and failed so may just be attempted again."""
        return False

    def pause_after(self, attempt: int) -> float:
        """Return how many seconds to wait after *attempt* has failed."""
        return 0.0

    def current(self) -> Transaction | None:
        """Return the transaction of this manager that runs in the current context, if any.

        Raises:
            IllegalTransactionStateError: It is one for async code and this is the synchronous side, or
                the other way round: they have different connections.
        """
        transaction = running(self.realm)
        if transaction is not None and transaction.manager is not self:
            raise mixed(transaction)
        return transaction

    @asynccontextmanager
    async def transaction(self, options: TransactionOptions = DEFAULT_OPTIONS) -> AsyncIterator[Transaction]:
        """Run the block as *options* say: in the current transaction, or in a new one that ends with it.

        Where the block runs without a transaction, it is given one that is not active.

        Raises:
            IllegalTransactionStateError: The propagation does not allow what is running here.
            TransactionTimedOutError: The transaction took too long; it has been rolled back.
            UnexpectedRollbackError: The block ended well, but something in it had failed.
        """
        way, there = way_of(self, self.realm, options)
        if way is Way.BEGIN:
            block = self._owned(options)
        elif way is Way.JOIN and there is not None:
            block = self._joined(there, options)
        elif way is Way.SAVEPOINT and there is not None:
            block = self._nested(there, options)
        else:
            block = self._without(options, is_aside=way is Way.SUSPEND)
        async with block as transaction:
            yield transaction

    @contextmanager
    def transaction_sync(self, options: TransactionOptions = DEFAULT_OPTIONS) -> Iterator[Transaction]:
        """Run the block as :meth:`transaction` does, for code that is not async."""
        block = self.sync.transaction(options)
        begun = run_now(block.__aenter__())
        try:
            yield begun
        except BaseException as failure:
            if not run_now(block.__aexit__(type(failure), failure, failure.__traceback__)):
                raise
        else:
            run_now(block.__aexit__(None, None, None))

    @asynccontextmanager
    async def _joined(self, joined: Transaction, options: TransactionOptions) -> AsyncIterator[Transaction]:
        unit = Unit(self.realm, joined, is_owner=False)
        unit.enter()
        try:
            yield joined
        except BaseException as failure:
            if options.rolls_back(failure):
                joined.set_rollback_only(failure)
            raise
        finally:
            unit.leave()

    @asynccontextmanager
    async def _without(self, options: TransactionOptions, *, is_aside: bool) -> AsyncIterator[Transaction]:
        nothing = Transaction(self, options)
        nothing.is_active = False
        if not is_aside:
            yield nothing
            return
        unit = Unit(self.realm, None, is_owner=False)
        unit.enter()
        try:
            yield nothing
        finally:
            unit.leave()

    @asynccontextmanager
    async def _owned(
        self, options: TransactionOptions, begun: Transaction | None = None
    ) -> AsyncIterator[Transaction]:
        warn_of_another(self.realm, str(self))
        transaction = await self.begin(options) if begun is None else begun
        unit = Unit(self.realm, transaction, is_owner=True)
        unit.enter()
        try:
            if options.timeout is None:
                yield transaction
            else:
                async with self._limited(transaction, options.timeout.total_seconds()):
                    yield transaction
        except BaseException as failure:
            await self._failed(transaction, failure)
            if isinstance(failure, Exception) and (told := self.translate(failure)) is not failure:
                raise told from failure
            raise
        else:
            await self._succeeded(transaction)
        finally:
            transaction.is_active = False
            unit.leave()

    @asynccontextmanager
    async def _limited(self, transaction: Transaction, seconds: float) -> AsyncIterator[None]:
        transaction.deadline = self.clock.monotonic() + seconds
        if self.is_synchronous:
            yield
            return
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                yield
        except TimeoutError as failure:
            if not limit.expired():
                raise
            raise TransactionTimedOutError(transaction.options.timeout) from failure

    @asynccontextmanager
    async def _nested(self, outer: Transaction, options: TransactionOptions) -> AsyncIterator[Transaction]:
        part = await self.savepoint(outer, options)
        part.deadline = outer.deadline
        unit = Unit(self.realm, part, is_owner=True)
        unit.enter()
        try:
            yield part
        except BaseException as failure:
            undone = options.rolls_back(failure) or part.is_rollback_only
            await self._finish(self._end_part(outer, part, undone=undone))
            raise
        else:
            await self._finish(self._end_part(outer, part, undone=part.is_rollback_only))
            if part.is_rollback_only and not part.is_rollback_meant:
                raise part.unexpected_rollback()
        finally:
            part.is_active = False
            unit.leave()

    async def _end_part(self, outer: Transaction, part: Transaction, *, undone: bool) -> None:
        try:
            await (self.rollback_to if undone else self.release)(part)
        except BaseException as failure:
            outer.set_rollback_only(failure)
            raise
        if undone:
            await notify(part, part.rolled_back)
            return
        outer.before += part.before
        outer.committed += part.committed
        outer.rolled_back += part.rolled_back

    async def _failed(self, transaction: Transaction, failure: BaseException) -> None:
        if not transaction.options.rolls_back(failure) and not transaction.is_rollback_only:
            await self._succeeded(transaction)
            return
        try:
            await self._finish(self._undo(transaction))
        except Exception:  # noqa: BLE001  # closing
            # The failure that led here is what the caller must see; the store forgets the rest by itself.
            _log.exception("A transaction could not be rolled back; its connection was discarded")

    async def _succeeded(self, transaction: Transaction) -> None:
        try:
            if not transaction.is_rollback_only:
                await prepare(transaction)
                transaction.require_time(self.clock.monotonic())
        except BaseException:
            await self._finish(self._undo(transaction))
            raise
        if not transaction.is_rollback_only:
            await self._finish(self._keep(transaction))
            return
        await self._finish(self._undo(transaction))
        if not transaction.is_rollback_meant:
            raise transaction.unexpected_rollback()

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        await (work if self.is_synchronous else uninterrupted(work))

    async def _keep(self, transaction: Transaction) -> None:
        try:
            await self.commit(transaction)
        except BaseException:
            await notify(transaction, transaction.rolled_back)
            raise
        await notify(transaction, transaction.committed)

    async def _undo(self, transaction: Transaction) -> None:
        try:
            await self.rollback(transaction)
        finally:
            await notify(transaction, transaction.rolled_back)


def _without_savepoints(manager: TransactionManager) -> IllegalTransactionStateError:
    return IllegalTransactionStateError(
        f"{type(manager).__name__} has no savepoints, so a transaction cannot be nested",
        "Use another propagation than NESTED.",
    )
