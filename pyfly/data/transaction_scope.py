"""The running transactions of the current context, and what may be asked of them from anywhere."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from itertools import count
from typing import Any

from pyfly.data.exceptions import (
    IllegalTransactionStateError,
    TransactionTimedOutError,
    UnexpectedRollbackError,
)
from pyfly.data.transaction_options import TransactionOptions

Callback = Callable[[], Awaitable[object] | object]

_log = logging.getLogger("pyfly.data")


_numbers = count(1)


class Transaction:
    """One running transaction, or a part of one that can roll back alone.

    Managers subclass it to keep their session or connection.

    Attributes:
        manager: What has begun it.
        options: What was asked for.
        number: Which one it is in this process, for logs.
        is_active: Whether it still runs.
        deadline: When its time is up, on the manager's monotonic clock.
        before: Callbacks that run before the commit, inside of the transaction.
        committed: Callbacks that run once it has committed.
        rolled_back: Callbacks that run once it has rolled back.
    """

    def __init__(self, manager: Any, options: TransactionOptions) -> None:
        """Describe a transaction of *manager* that has just begun."""
        self.manager = manager
        self.options = options
        self.number = next(_numbers)
        self.is_active = True
        self.deadline: float | None = None
        self.before: list[Callback] = []
        self.committed: list[Callback] = []
        self.rolled_back: list[Callback] = []
        self._doomed = False
        self._doom: BaseException | None = None
        self._meant = False

    @property
    def is_rollback_only(self) -> bool:
        """Whether the transaction can only end by rolling back."""
        return self._doomed

    @property
    def is_rollback_meant(self) -> bool:
        """Whether the unit that began the transaction has asked for the rollback itself."""
        return self._meant

    def set_rollback_only(self, cause: BaseException | None = None) -> None:
        """Make a commit impossible.

        Where the unit that began the transaction asks for it, it just rolls back. Otherwise its end raises
        :class:`UnexpectedRollbackError`, with the first *cause* as its cause.
        """
        unit = _current.get()
        if cause is None and unit is not None and unit.transaction is self and unit.is_owner:
            self._meant = True
        if not self._doomed:
            self._doomed, self._doom = True, cause

    def unexpected_rollback(self) -> UnexpectedRollbackError:
        """Return the error for an owner who wanted to commit a transaction that is rollback-only."""
        failure = UnexpectedRollbackError("The transaction was rolled back: a part of it had failed")
        failure.__cause__ = self._doom
        return failure

    def require_time(self, now: float) -> None:
        """Refuse to go on when the time is up.

        Raises:
            TransactionTimedOutError: It is; the transaction can only roll back.
        """
        if self.deadline is not None and now > self.deadline:
            failure = TransactionTimedOutError(self.options.timeout)
            self.set_rollback_only(failure)
            raise failure


class Unit:
    """One unit of work of the current context: the transaction that it runs in, or its absence.

    Attributes:
        realm: Whose transactions it is about; a manager and its synchronous side are of one realm.
        transaction: The transaction; ``None`` where a running one was set aside.
        is_owner: Whether the transaction began with the unit and will end with it.
        outer: The unit around it.
    """

    __slots__ = ("is_owner", "outer", "realm", "transaction")

    def __init__(self, realm: object, transaction: Transaction | None, *, is_owner: bool) -> None:
        """Describe a unit that begins in the current context."""
        self.realm = realm
        self.transaction = transaction
        self.is_owner = is_owner
        self.outer = _current.get()

    def enter(self) -> None:
        """Make this the unit of the current context."""
        _current.set(self)

    def leave(self) -> None:
        """Go back to the unit around it."""
        _current.set(self.outer)


_current: ContextVar[Unit | None] = ContextVar("pyfly.data.unit", default=None)


def running(realm: object) -> Transaction | None:
    """Return the transaction of *realm* that runs in the current context, if any."""
    unit = _current.get()
    while unit is not None:
        if unit.realm is realm:
            transaction = unit.transaction
            if transaction is None or transaction.is_active:
                return transaction
        unit = unit.outer
    return None


def innermost() -> Unit | None:
    """Return the unit of work of the current context, of whichever realm."""
    return _current.get()


def is_any_running() -> bool:
    """Return whether the current context is inside of a transaction of any manager."""
    unit = _current.get()
    while unit is not None:
        if unit.transaction is not None and unit.transaction.is_active:
            return True
        unit = unit.outer
    return False


def before_commit(callback: Callback) -> None:
    """Call *callback* when the current transaction is about to commit, inside of it; its failure rolls back.

    Raises:
        RuntimeError: No transaction is running.
    """
    _register(callback).before.append(callback)


def after_commit(callback: Callback) -> None:
    """Call *callback* once the current transaction has committed; never if it rolls back.

    Callbacks, plain or async, run in the order in which they were given, outside of the
    transaction. One that fails is logged; the others still run, and what was committed stays.

    Raises:
        RuntimeError: No transaction is running.
        TypeError: The transaction is synchronous and the callback is not.
    """
    _register(callback).committed.append(callback)


def after_rollback(callback: Callback) -> None:
    """Call *callback* once the current transaction has rolled back, as :func:`after_commit` does.

    In a nested transaction it is called as soon as that one has rolled back.

    Raises:
        RuntimeError: No transaction is running.
        TypeError: The transaction is synchronous and the callback is not.
    """
    _register(callback).rolled_back.append(callback)


def set_rollback_only() -> None:
    """Let the current transaction roll back when it ends, without raising an exception here.

    The unit that has begun the transaction just rolls back. If a unit that has joined it asks, the
    owner, who knows nothing of that, is told by an :class:`UnexpectedRollbackError`.

    Raises:
        RuntimeError: No transaction is running.
    """
    _transaction().set_rollback_only()


def _transaction() -> Transaction:
    unit = _current.get()
    if unit is None or unit.transaction is None or not unit.transaction.is_active:
        raise RuntimeError("No transaction is running here")
    return unit.transaction


def _register(callback: Callback) -> Transaction:
    transaction = _transaction()
    if transaction.manager.is_synchronous and _is_async(callback):
        raise TypeError("A synchronous transaction cannot call back an async function; give it a plain one")
    return transaction


def _is_async(callback: Callback) -> bool:
    code = getattr(callback, "__code__", None) or getattr(getattr(callback, "func", None), "__code__", None)
    return bool(getattr(code, "co_flags", 0) & 0x80)  # CO_COROUTINE


async def prepare(transaction: Transaction) -> None:
    """Run what is to run before the commit; callbacks may add more."""
    while transaction.before:
        result = transaction.before.pop(0)()
        if isinstance(result, Awaitable):
            await result


async def notify(transaction: Transaction, callbacks: list[Callback]) -> None:
    """Run the *callbacks* of a transaction that has ended; failures are logged."""
    transaction.is_active = False
    for callback in callbacks:
        try:
            result = callback()
            if isinstance(result, Awaitable):
                await result
        except Exception:  # noqa: BLE001  # what was committed stays, and the others have their turn
            _log.exception("A callback of a finished transaction failed")


def run_now(work: Coroutine[Any, Any, Any]) -> Any:
    """Run *work*, which never waits for anything, and return its result.

    Raises:
        IllegalTransactionStateError: It did wait for something.
    """
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise IllegalTransactionStateError(
        "A synchronous transaction cannot wait for an async function", "Call plain functions in it."
    )
