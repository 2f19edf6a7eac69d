"""Sessions and transactions of one data source.

Operations are plain functions of a synchronous session. They run in one greenlet together with the
session's whole life, which is cheaper than crossing into asyncio for each of its steps.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.util import greenlet_spawn

from pyfly.data.cancellation import uninterrupted
from pyfly.data.exceptions import HARMLESS, TransactionConflictError
from pyfly.data.relational.sqlalchemy.data_source import DataSource
from pyfly.data.relational.sqlalchemy.errors import translate, translated
from pyfly.data.relational.sqlalchemy.hook_locks import inside_of
from pyfly.data.relational.sqlalchemy.repeating import RelationalRepeating
from pyfly.data.relational.sqlalchemy.sync_transactions import SyncTransactions, alone, committed
from pyfly.data.relational.sqlalchemy.unit_session import (
    TransactionSession,
    commit,
    give_back,
    keep_part,
    session_info,
    start_part,
    undo_part,
)
from pyfly.data.repeating import EVERYTHING, Repeatable
from pyfly.data.transactions import DEFAULT_OPTIONS, Transaction, TransactionManager, TransactionOptions
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import (
    ServiceUnavailableException,
)

P = ParamSpec("P")
R = TypeVar("R")
Operation = Callable[Concatenate[Session, P], R]


class SqlAlchemyTransaction(Transaction):
    """A transaction, or a part of one, and its session. Work from several tasks is done one after the other."""

    def __init__(
        self,
        manager: TransactionManager,
        options: TransactionOptions,
        session: AsyncSession,
        outer: "SqlAlchemyTransaction | None" = None,
        part: SessionTransaction | None = None,
    ) -> None:
        """Describe a transaction of *manager* that works on *session*; a *part* of *outer*, if there is one."""
        super().__init__(manager, options)
        self.session = session
        self._lock = asyncio.Lock()
        self.outer = outer
        self.part = part

    @property
    def lock(self) -> asyncio.Lock:
        """What is held while something is done in it; in hooks, which are called meanwhile, a lock of their own."""
        inside = inside_of(self)
        return self._lock if inside is None else inside


class SqlAlchemyTransactionManager(TransactionManager):
    """Runs operations in the current transaction, or each in a session of its own.

    Attributes:
        session_class: The class of the sessions of its transactions.
    """

    session_class: type[TransactionSession] = TransactionSession

    def __init__(
        self,
        source: DataSource,
        *,
        max_attempts: int = 3,
        backoff: timedelta = timedelta(milliseconds=50),
        errors: Iterable[Repeatable] = EVERYTHING,
        clock: Clock | None = None,
    ) -> None:
        """Manage the transactions of *source*.

        Args:
            source: The database.
            max_attempts: How often a unit is attempted at most when the database gives up its transaction.
            backoff: The longest pause before the second attempt; each further one may be twice as long.
            errors: The kinds of failures after which it is attempted again.
            clock: What time it is; the machine's clock if there is none.
        """
        self.source = source
        source.transactions = self
        self.clock = clock or SystemClock()
        self.repeating = RelationalRepeating(max_attempts, backoff, errors)
        self._sync: SyncTransactions | None = None

    def __str__(self) -> str:
        return f"data source '{self.source.name}'"

    @property
    def sync(self) -> SyncTransactions:
        """The same transactions for code that is not async, on connections of a synchronous driver."""
        if self._sync is None:
            self._sync = SyncTransactions(self, self.source, self.repeating)
            self._sync.clock = self.clock
            self._sync.session_class = self.session_class
        return self._sync

    async def read(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run *operation* in the current transaction, or in a session that only reads."""
        joined = self.current()
        if joined is not None:
            return await self._join(joined, operation, args, kwargs)
        try:
            return await self._spawn(self._alone, operation, args, kwargs)
        except (TransactionConflictError, ServiceUnavailableException) as failure:
            return await self._again(failure, operation, args, kwargs, is_read=True)

    async def write(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        joined = self.current()
        if joined is not None:
            return await self._join(joined, operation, args, kwargs)
        try:
            return await self._spawn(self._alone, committed(operation), args, kwargs)
        except (TransactionConflictError, ServiceUnavailableException) as failure:
            return await self._again(failure, committed(operation), args, kwargs, is_read=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Offer the session of the current transaction, or of a new one that ends with the block."""
        async with self.transaction() as transaction:
            try:
                yield cast("SqlAlchemyTransaction", transaction).session
            except SQLAlchemyError as failure:
                raise translate(failure) from failure

    @asynccontextmanager
    async def on(self, session: AsyncSession) -> AsyncIterator[Transaction]:
        """Run the block in a new transaction on *session*, which was made elsewhere; repositories join it.

        It ends with the block: committed, or rolled back if the block raises.
        """
        transaction = SqlAlchemyTransaction(self, DEFAULT_OPTIONS, session)
        async with self._owned(DEFAULT_OPTIONS, transaction):
            yield transaction

    async def begin(self, options: TransactionOptions) -> Transaction:
        """Return a new transaction. It takes a connection when it is first used."""
        session = AsyncSession(
            self.source.serving(read_only=options.read_only).engine,
            sync_session_class=self.session_class,
            expire_on_commit=False,
            info=session_info(options, limit_statements=False),
        )
        return SqlAlchemyTransaction(self, options, session)

    async def commit(self, transaction: Transaction) -> None:
        """Commit, and give the connection back in any case.

        Raises:
            PyFlyException: The database did not accept the commit; it was rolled back.
        """
        owned = cast("SqlAlchemyTransaction", transaction)
        async with owned.lock:
            await greenlet_spawn(commit, owned.session.sync_session)

    async def rollback(self, transaction: Transaction) -> None:
        """Undo everything and give the connection back."""
        owned = cast("SqlAlchemyTransaction", transaction)
        async with owned.lock:
            await greenlet_spawn(give_back, owned.session.sync_session)

    async def savepoint(self, outer: Transaction, options: TransactionOptions) -> Transaction:
        """Return a part of *outer*; whatever else is done in *outer* waits until the part has ended."""
        whole = cast("SqlAlchemyTransaction", outer)
        await whole.lock.acquire()
        try:
            whole.require_time(self.clock.monotonic())
            part = await self._spawn(start_part, whole.session.sync_session)
        except BaseException as failure:
            whole.set_rollback_only(failure)
            whole.lock.release()
            raise
        return SqlAlchemyTransaction(self, options, whole.session, whole, part)

    async def release(self, part: Transaction) -> None:
        """Keep what was done in *part*."""
        await self._end_nested(part, lambda nested, _session: keep_part(nested))

    async def rollback_to(self, part: Transaction) -> None:
        """Undo what was done in *part*."""
        await self._end_nested(part, lambda nested, session: undo_part(session, nested))

    def translate(self, failure: Exception) -> Exception:
        """Return the framework's exception for a driver error."""
        return translate(failure)

    def attempts(self, options: TransactionOptions) -> int:
        """Return what *options* say, or else what is configured."""
        return options.retry or self.repeating.max_attempts

    def is_repeatable(self, failure: Exception, arguments: tuple[object, ...]) -> bool:
        """Return whether the database has undone the transaction, and no entity was handed in that it has changed."""
        return self.repeating.is_repeatable(failure, arguments)

    def pause_after(self, attempt: int) -> float:
        """Return a random pause, so that those who were in each other's way are not so again."""
        return self.repeating.pause_after(attempt)

    async def _end_nested(
        self, part: Transaction, end: Callable[[SessionTransaction, Session], None]
    ) -> None:
        nested = cast("SqlAlchemyTransaction", part)
        try:
            async with nested.lock:
                await greenlet_spawn(end, nested.part, nested.session.sync_session)
        finally:
            if nested.outer is not None:
                nested.outer.lock.release()

    async def _join(self, joined: Transaction, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
        transaction = cast("SqlAlchemyTransaction", joined)
        try:
            async with transaction.lock:
                if transaction.deadline is not None:
                    transaction.require_time(self.clock.monotonic())
                with translated():
                    return await self._spawn(operation, transaction.session.sync_session, *args, **kwargs)
        except HARMLESS:
            raise
        except BaseException as failure:
            transaction.set_rollback_only(failure)
            raise

    async def _again(
        self, failure: Exception, operation: Callable[..., R], args: Any, kwargs: Any, *, is_read: bool
    ) -> R:
        """Attempt an operation again that had a session of its own and failed: nothing has happened yet."""
        for attempt in range(1, self.repeating.max_attempts):
            if not self.repeating.is_transient(failure, (*args, *kwargs.values()), is_read=is_read):
                break
            await self.clock.sleep(self.repeating.pause_after(attempt))
            try:
                return await self._spawn(self._alone, operation, args, kwargs)
            except (TransactionConflictError, ServiceUnavailableException) as next_failure:
                failure = next_failure
        raise failure

    async def _spawn(self, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        work = cast("Coroutine[Any, Any, R]", greenlet_spawn(function, *args, **kwargs))
        # SQLAlchemy gives up a connection whose statement is cancelled, and with it a database in memory.
        return await (uninterrupted(work) if self.source.is_in_memory else work)

    def _alone(self, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
        source = self.source.serving(read_only=False)
        return alone(source.engine.sync_engine, operation, args, kwargs)
