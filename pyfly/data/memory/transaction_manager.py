"""Transactions over what is kept in memory."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar, cast

from pyfly.data.exceptions import HARMLESS, ReadOnlyTransactionError
from pyfly.data.memory.store import MemorySession, MemoryStore
from pyfly.data.repeating import EVERYTHING, Repeatable, Repeating
from pyfly.data.transactions import Transaction, TransactionManager, TransactionOptions

R = TypeVar("R")


class MemoryTransaction(Transaction):
    """A transaction, or a part of one, and its view of the store."""

    def __init__(
        self, manager: TransactionManager, options: TransactionOptions, session: MemorySession
    ) -> None:
        """Describe a transaction of *manager* that works on *session*."""
        super().__init__(manager, options)
        self.session = session
        self.start = session.mark()


class MemoryTransactionManager(TransactionManager):
    """Runs operations in the current transaction, or each on its own. Nothing in it ever waits."""

    def __init__(
        self,
        store: MemoryStore | None = None,
        *,
        max_attempts: int = 3,
        backoff: timedelta = timedelta(milliseconds=50),
        errors: Iterable[Repeatable] = EVERYTHING,
    ) -> None:
        """Manage the transactions of *store*.

        Args:
            store: What they work on; a new one by default.
            max_attempts: How often a unit is attempted at most when another transaction was in its way.
            backoff: The longest pause before the second attempt; each further one may be twice as long.
            errors: The kinds of failures after which it is attempted again.
        """
        self.store = store or MemoryStore()
        self.repeating = Repeating(max_attempts, backoff, self.store.keeps, errors)
        self._sync: _SyncMemory | None = None

    def __str__(self) -> str:
        return "memory"

    @property
    def sync(self) -> "_SyncMemory":
        """The same transactions for code that is not async."""
        if self._sync is None:
            self._sync = _SyncMemory(self)
        return self._sync

    def attempts(self, options: TransactionOptions) -> int:
        """Return what *options* say, or else what is configured."""
        return options.retry or self.repeating.max_attempts

    def is_repeatable(self, failure: Exception, arguments: tuple[object, ...]) -> bool:
        """Return whether the transaction was given up, and no entity was handed in that it has changed."""
        return self.repeating.is_repeatable(failure, arguments)

    def pause_after(self, attempt: int) -> float:
        """Return a random pause, so that those who were in each other's way are not so again."""
        return self.repeating.pause_after(attempt)

    def run(self, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        joined = cast("MemoryTransaction | None", self.current())
        if joined is None:
            session = MemorySession(self.store)
            result = operation(session, *args, **kwargs)
            session.commit()
            return result
        return joined_run(self, joined, operation, args, kwargs)

    async def begin(self, options: TransactionOptions) -> Transaction:
        """Return a new transaction."""
        return MemoryTransaction(self, options, MemorySession(self.store))

    async def commit(self, transaction: Transaction) -> None:
        """Make *transaction* permanent."""
        cast("MemoryTransaction", transaction).session.commit()

    async def rollback(self, transaction: Transaction) -> None:
        """Forget what was done in *transaction*."""

    async def savepoint(self, outer: Transaction, options: TransactionOptions) -> Transaction:
        """Return a part of *outer* that can be undone alone."""
        return MemoryTransaction(self, options, cast("MemoryTransaction", outer).session)

    async def release(self, part: Transaction) -> None:
        """Keep what was done in *part*: it is in the view of the whole already."""

    async def rollback_to(self, part: Transaction) -> None:
        """Undo what was done in *part*."""
        nested = cast("MemoryTransaction", part)
        nested.session.back_to(nested.start)


class _SyncMemory(MemoryTransactionManager):
    """The synchronous side of a manager."""

    is_synchronous = True

    def __init__(self, manager: MemoryTransactionManager) -> None:
        super().__init__(manager.store)
        self.repeating = manager.repeating
        self._manager = manager

    @property
    def realm(self) -> object:
        """The manager whose other side this is."""
        return self._manager

    @property
    def sync(self) -> "_SyncMemory":
        """Itself."""
        return self

    def read(self, operation: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Run *operation*, which only reads."""
        return self.run(operation, args, kwargs)

    def write(self, operation: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Run *operation*, and commit it if no transaction is running."""
        return self.run(operation, args, kwargs)


def joined_run(
    manager: TransactionManager,
    joined: MemoryTransaction,
    operation: Callable[..., R],
    args: Any,
    kwargs: Any,
) -> R:
    """Run *operation* in the transaction *joined*, which can only roll back if it fails."""
    try:
        if joined.deadline is not None:
            joined.require_time(manager.clock.monotonic())
        before = joined.session.mark() if joined.options.read_only else None
        result = operation(joined.session, *args, **kwargs)
        _require_same(joined.session, before)
    except HARMLESS:
        raise
    except BaseException as failure:
        joined.set_rollback_only(failure)
        raise
    return result


def _require_same(session: MemorySession, before: object) -> None:
    if before is not None and session.mark() != before:
        raise ReadOnlyTransactionError
