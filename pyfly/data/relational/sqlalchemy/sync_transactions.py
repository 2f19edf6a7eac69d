"""Sessions and transactions for code that is not async: threads, scripts, commands.

They follow the same rules as the async ones, because it is the same code that decides: its coroutines
just never wait here.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session, SessionTransaction

from pyfly.data.exceptions import HARMLESS, TransactionConflictError
from pyfly.data.relational.sqlalchemy.data_source import DataSource
from pyfly.data.relational.sqlalchemy.errors import translate, translated, translating
from pyfly.data.relational.sqlalchemy.hook_locks import inside_of
from pyfly.data.relational.sqlalchemy.repeating import RelationalRepeating
from pyfly.data.relational.sqlalchemy.unit_session import (
    TransactionSession,
    commit,
    give_back,
    keep_part,
    session_info,
    start_part,
    undo_part,
)
from pyfly.data.transactions import Transaction, TransactionManager, TransactionOptions
from pyfly.kernel.exceptions import (
    ServiceUnavailableException,
)

P = ParamSpec("P")
R = TypeVar("R")
Operation = Callable[Concatenate[Session, P], R]


class SyncTransaction(Transaction):
    """A transaction, or a part of one, and its session. Work from several threads is done one after the other."""

    def __init__(
        self,
        manager: TransactionManager,
        options: TransactionOptions,
        session: Session,
        outer: "SyncTransaction | None" = None,
        part: SessionTransaction | None = None,
    ) -> None:
        """Describe a transaction of *manager* that works on *session*; a *part* of *outer*, if there is one."""
        super().__init__(manager, options)
        self.session = session
        self._lock = threading.Lock()
        self.outer = outer
        self.part = part

    @property
    def lock(self) -> threading.Lock:
        """What is held while something is done in it; in hooks, which are called meanwhile, a lock of their own."""
        inside = inside_of(self)
        return self._lock if inside is None else inside


class SyncTransactions(TransactionManager):
    """Runs operations in the current transaction, or each in a session of its own, and waits for them."""

    is_synchronous: ClassVar[bool] = True
    session_class: type[TransactionSession] = TransactionSession

    def __init__(
        self, manager: TransactionManager, source: DataSource, repeating: RelationalRepeating
    ) -> None:
        """Be the synchronous side of *manager*, which manages the transactions of *source*."""
        self._manager = manager
        self._source = source
        self._repeating = repeating

    def __str__(self) -> str:
        return str(self._manager)

    @property
    def realm(self) -> object:
        """The manager whose other side this is."""
        return self._manager

    @property
    def sync(self) -> "SyncTransactions":
        """Itself."""
        return self

    def read(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run *operation* in the current transaction, or in a session that only reads."""
        return self._run(operation, args, kwargs, is_read=True)

    def write(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        return self._run(operation, args, kwargs, is_read=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Offer the session of the current transaction, or of a new one that ends with the block."""
        with self.transaction_sync() as transaction, translating():
            yield cast("SyncTransaction", transaction).session

    async def begin(self, options: TransactionOptions) -> Transaction:
        """Return a new transaction. It takes a connection when it is first used."""
        session = self.session_class(
            self._source.serving(read_only=options.read_only).sync_engine,
            expire_on_commit=False,
            info=session_info(options, limit_statements=True),
        )
        return SyncTransaction(self, options, session)

    async def commit(self, transaction: Transaction) -> None:
        """Commit, and give the connection back in any case."""
        owned = cast("SyncTransaction", transaction)
        with owned.lock:
            commit(owned.session)

    async def rollback(self, transaction: Transaction) -> None:
        """Undo everything and give the connection back."""
        owned = cast("SyncTransaction", transaction)
        with owned.lock:
            give_back(owned.session)

    async def savepoint(self, outer: Transaction, options: TransactionOptions) -> Transaction:
        """Return a part of *outer*; whatever else is done in *outer* waits until the part has ended."""
        whole = cast("SyncTransaction", outer)
        whole.lock.acquire()
        try:
            whole.require_time(self.clock.monotonic())
            part = start_part(whole.session)
        except BaseException as failure:
            whole.set_rollback_only(failure)
            whole.lock.release()
            raise
        return SyncTransaction(self, options, whole.session, whole, part)

    async def release(self, part: Transaction) -> None:
        """Keep what was done in *part*."""
        self._end_nested(part, lambda nested, _session: keep_part(nested))

    async def rollback_to(self, part: Transaction) -> None:
        """Undo what was done in *part*."""
        self._end_nested(part, lambda nested, session: undo_part(session, nested))

    def translate(self, failure: Exception) -> Exception:
        """Return the framework's exception for a driver error."""
        return translate(failure)

    def _run(self, operation: Callable[..., R], args: Any, kwargs: Any, *, is_read: bool) -> R:
        joined = self.current()
        if joined is not None:
            return self._join(cast("SyncTransaction", joined), operation, args, kwargs)
        work = operation if is_read else committed(operation)
        attempt = 0
        while True:
            try:
                return alone(self._source.serving(read_only=False).sync_engine, work, args, kwargs)
            except (TransactionConflictError, ServiceUnavailableException) as failure:
                attempt += 1
                arguments = (*args, *kwargs.values())
                repeats = self._repeating.is_transient(failure, arguments, is_read=is_read)
                if attempt >= self._repeating.max_attempts or not repeats:
                    raise
            time.sleep(self._repeating.pause_after(attempt))

    def _join(self, joined: SyncTransaction, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
        try:
            with joined.lock:
                joined.require_time(self.clock.monotonic())
                with translated():
                    return operation(joined.session, *args, **kwargs)
        except HARMLESS:
            raise
        except BaseException as failure:
            joined.set_rollback_only(failure)
            raise

    def _end_nested(self, part: Transaction, end: Callable[[SessionTransaction, Session], None]) -> None:
        nested = cast("SyncTransaction", part)
        try:
            with nested.lock:
                end(cast("SessionTransaction", nested.part), nested.session)
        finally:
            if nested.outer is not None:
                nested.outer.lock.release()


def alone(engine: Engine, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
    """Run *operation* in a session of its own on *engine*."""
    session = Session(engine, expire_on_commit=False)
    try:
        with translated():
            return operation(session, *args, **kwargs)
    finally:
        give_back(session)


def committed(operation: Callable[..., R]) -> Callable[..., R]:
    """Return *operation* with a commit at its end."""

    def run(session: Session, *args: Any, **kwargs: Any) -> R:
        result = operation(session, *args, **kwargs)
        session.commit()
        return result

    return run
