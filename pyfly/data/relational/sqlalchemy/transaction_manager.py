"""Sessions and transactions of one data source.

Operations are plain functions of a synchronous session. They run in one greenlet together with the
session's whole life, which is cheaper than crossing into asyncio for each of its steps.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.util import greenlet_spawn

from pyfly.data.cancellation import uninterrupted
from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.relational.sqlalchemy.data_source import DataSource
from pyfly.data.relational.sqlalchemy.dialects import begin
from pyfly.data.relational.sqlalchemy.errors import translate, translated
from pyfly.data.transactions import Transaction, TransactionManager, TransactionOptions
from pyfly.kernel.exceptions import InvalidRequestException, ResourceNotFoundException

P = ParamSpec("P")
R = TypeVar("R")
Operation = Callable[Concatenate[Session, P], R]

# Found before or after the database did its part: the transaction is as good as it was.
_HARMLESS = (NonUniqueResultError, InvalidRequestException, ResourceNotFoundException)
_READ_ONLY = "pyfly.read_only"


class TransactionSession(Session):
    """The session of an explicit transaction; see :func:`begin` for what starts one."""


@event.listens_for(TransactionSession, "after_begin")
def _begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if not connection.in_nested_transaction():
        begin(connection, read_only=bool(session.info.get(_READ_ONLY)))


class SqlAlchemyTransaction(Transaction):
    """A transaction and its session. Work from several tasks is done one piece after the other."""

    def __init__(
        self, manager: TransactionManager, options: TransactionOptions, session: AsyncSession
    ) -> None:
        """Describe a transaction of *manager* that works on *session*."""
        super().__init__(manager, options)
        self.session = session
        self.lock = asyncio.Lock()


class SqlAlchemyTransactionManager(TransactionManager):
    """Runs operations in the current transaction, or each in a session of its own."""

    def __init__(self, source: DataSource) -> None:
        """Manage the transactions of *source*."""
        self.source = source

    async def read(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run *operation* in the current transaction, or in a session that only reads."""
        joined = self.current()
        if joined is not None:
            return await self._join(joined, operation, args, kwargs)
        return await self._spawn(self._alone, operation, args, kwargs)

    async def write(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        joined = self.current()
        if joined is not None:
            return await self._join(joined, operation, args, kwargs)
        return await self._spawn(self._alone, _committed(operation), args, kwargs)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Offer the session of the current transaction, or of a new one that ends with the block."""
        async with self.transaction() as transaction:
            try:
                yield cast("SqlAlchemyTransaction", transaction).session
            except SQLAlchemyError as failure:
                raise translate(failure) from failure

    async def begin(self, options: TransactionOptions) -> Transaction:
        """Return a new transaction. It takes a connection when it is first used."""
        session = AsyncSession(
            self.source.engine,
            sync_session_class=TransactionSession,
            expire_on_commit=False,
            info={_READ_ONLY: options.read_only},
        )
        return SqlAlchemyTransaction(self, options, session)

    async def commit(self, transaction: Transaction) -> None:
        """Commit, and give the connection back in any case.

        Raises:
            PyFlyException: The database did not accept the commit; it was rolled back.
        """
        owned = cast("SqlAlchemyTransaction", transaction)
        async with owned.lock:
            await greenlet_spawn(_commit, owned.session.sync_session)

    async def rollback(self, transaction: Transaction) -> None:
        """Undo everything and give the connection back."""
        owned = cast("SqlAlchemyTransaction", transaction)
        async with owned.lock:
            await greenlet_spawn(owned.session.sync_session.close)

    def translate(self, failure: Exception) -> Exception:
        """Return the framework's exception for a driver error."""
        return translate(failure)

    async def _join(self, joined: Transaction, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
        transaction = cast("SqlAlchemyTransaction", joined)
        try:
            async with transaction.lock:
                with translated():
                    return await self._spawn(operation, transaction.session.sync_session, *args, **kwargs)
        except _HARMLESS:
            raise
        except BaseException as failure:
            transaction.set_rollback_only(failure)
            raise

    async def _spawn(self, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        work = cast("Coroutine[Any, Any, R]", greenlet_spawn(function, *args, **kwargs))
        # SQLAlchemy gives up a connection whose statement is cancelled, and with it a database in memory.
        return await (uninterrupted(work) if self.source.is_in_memory else work)

    def _alone(self, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
        session = Session(self.source.engine.sync_engine, expire_on_commit=False)
        try:
            with translated():
                return operation(session, *args, **kwargs)
        finally:
            session.close()


def _committed(operation: Callable[..., R]) -> Callable[..., R]:
    def run(session: Session, *args: Any, **kwargs: Any) -> R:
        result = operation(session, *args, **kwargs)
        session.commit()
        return result

    return run


def _commit(session: Session) -> None:
    try:
        with translated():
            session.commit()
    finally:
        session.close()
