"""Transactions: where they begin, who joins them, and what makes them roll back.

The current transaction is carried by the context, so that services and repositories join it
without being handed anything.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, overload

from pyfly.container.metadata import record
from pyfly.data.cancellation import uninterrupted
from pyfly.data.exceptions import UnexpectedRollbackError

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)
Callback = Callable[[], Awaitable[object] | object]

_log = logging.getLogger("pyfly.data")


class Propagation(Enum):
    """What a transactional method does about a transaction that is already running."""

    REQUIRED = "required"
    """Join it; begin one if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionOptions:
    """What ``@transactional`` says about a method, or about every public method of a class."""

    propagation: Propagation = Propagation.REQUIRED
    read_only: bool = False
    rollback_for: tuple[type[Exception], ...] = ()
    no_rollback_for: tuple[type[Exception], ...] = ()

    def rolls_back(self, failure: BaseException) -> bool:
        """Return whether *failure* undoes the transaction: the nearest class that is named decides.

        Exceptions that nobody names roll back; so does everything that is not an ``Exception``,
        cancellation above all, whatever is named.
        """
        if isinstance(failure, Exception):
            for cls in type(failure).__mro__:
                if cls in self.rollback_for:
                    return True
                if cls in self.no_rollback_for:
                    return False
        return True


DEFAULT_OPTIONS = TransactionOptions()


@overload
def transactional(target: C, /) -> C: ...
@overload
def transactional(target: F, /) -> F: ...
@overload
def transactional(
    *,
    propagation: Propagation = ...,
    read_only: bool = ...,
    rollback_for: tuple[type[Exception], ...] = ...,
    no_rollback_for: tuple[type[Exception], ...] = ...,
) -> Callable[[F], F]: ...
def transactional(target: Any = None, /, **options: Any) -> Any:
    """Run an async method, or every public async method of a class, in a transaction.

    It commits when the method returns and rolls back when it raises or is cancelled. A method
    that is called while a transaction runs joins it. What a method says wins over its class.

    Args:
        target: The method or class, when used without arguments.
        options: See :class:`TransactionOptions`: ``propagation``; ``read_only`` lets the database
            refuse writes; exceptions named by ``no_rollback_for`` commit, except for those
            that ``rollback_for`` names more closely.
    """

    def decorate(decorated: Any) -> Any:
        record(decorated, TransactionOptions, **options)
        return decorated

    return decorate if target is None else decorate(target)


class Transaction:
    """One running transaction. Managers subclass it to keep their session or connection."""

    def __init__(self, manager: "TransactionManager", options: TransactionOptions) -> None:
        """Describe a transaction of *manager* that has just begun."""
        self.manager = manager
        self.options = options
        self.outer = _current.get()
        self.is_active = True
        self.committed: list[Callback] = []
        self.rolled_back: list[Callback] = []
        self._doomed = False
        self._doom: BaseException | None = None

    @property
    def is_rollback_only(self) -> bool:
        """Whether the transaction can only end by rolling back."""
        return self._doomed

    def set_rollback_only(self, cause: BaseException | None = None) -> None:
        """Make a commit impossible. The first *cause* is what its owner will be told."""
        if not self._doomed:
            self._doomed, self._doom = True, cause

    def unexpected_rollback(self) -> UnexpectedRollbackError:
        """Return the error for an owner who wanted to commit a transaction that is rollback-only."""
        failure = UnexpectedRollbackError("The transaction was rolled back: a part of it had failed")
        failure.__cause__ = self._doom
        return failure


_current: ContextVar[Transaction | None] = ContextVar("pyfly.data.transaction", default=None)


class TransactionManager(ABC):
    """Begins and ends the transactions of one store."""

    @abstractmethod
    async def begin(self, options: TransactionOptions) -> Transaction:
        """Return a new transaction. Resources may be taken when it is first used."""

    @abstractmethod
    async def commit(self, transaction: Transaction) -> None:
        """Make *transaction* permanent and give its resources back, also when that fails."""

    @abstractmethod
    async def rollback(self, transaction: Transaction) -> None:
        """Undo *transaction* and give its resources back."""

    def translate(self, failure: Exception) -> Exception:
        """Return what to raise for *failure*: itself, or an exception of the framework."""
        return failure

    def current(self) -> Transaction | None:
        """Return the transaction of this manager that runs in the current context, if any."""
        transaction = _current.get()
        while transaction is not None and (transaction.manager is not self or not transaction.is_active):
            transaction = transaction.outer
        return transaction

    @asynccontextmanager
    async def transaction(self, options: TransactionOptions = DEFAULT_OPTIONS) -> AsyncIterator[Transaction]:
        """Run the block in the current transaction, or in a new one that ends with it.

        Raises:
            UnexpectedRollbackError: The block ended well, but something in it had failed.
        """
        joined = self.current()
        if joined is None:
            async with self._owned(options) as owned:
                yield owned
            return
        try:
            yield joined
        except BaseException as failure:
            if options.rolls_back(failure):
                joined.set_rollback_only(failure)
            raise

    @asynccontextmanager
    async def _owned(self, options: TransactionOptions) -> AsyncIterator[Transaction]:
        transaction = await self.begin(options)
        _current.set(transaction)
        try:
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
            _current.set(transaction.outer)

    async def _failed(self, transaction: Transaction, failure: BaseException) -> None:
        if not transaction.options.rolls_back(failure) and not transaction.is_rollback_only:
            await self._succeeded(transaction)
            return
        try:
            await uninterrupted(self._undo(transaction))
        except Exception:  # noqa: BLE001  # closing
            # The failure that led here is what the caller must see; the store forgets the rest by itself.
            _log.exception("A transaction could not be rolled back; its connection was discarded")

    async def _succeeded(self, transaction: Transaction) -> None:
        if transaction.is_rollback_only:
            await uninterrupted(self._undo(transaction))
            raise transaction.unexpected_rollback()
        await uninterrupted(self._keep(transaction))

    async def _keep(self, transaction: Transaction) -> None:
        try:
            await self.commit(transaction)
        except BaseException:
            await _notify(transaction, transaction.rolled_back)
            raise
        await _notify(transaction, transaction.committed)

    async def _undo(self, transaction: Transaction) -> None:
        try:
            await self.rollback(transaction)
        finally:
            await _notify(transaction, transaction.rolled_back)


def after_commit(callback: Callback) -> None:
    """Call *callback* once the current transaction has committed; never if it rolls back.

    Callbacks, plain or async, run in the order in which they were given, outside of the
    transaction. One that fails is logged; the others still run, and what was committed stays.

    Raises:
        RuntimeError: No transaction is running.
    """
    _running().committed.append(callback)


def after_rollback(callback: Callback) -> None:
    """Call *callback* once the current transaction has rolled back, as :func:`after_commit` does.

    Raises:
        RuntimeError: No transaction is running.
    """
    _running().rolled_back.append(callback)


def _running() -> Transaction:
    transaction = _current.get()
    if transaction is None or not transaction.is_active:
        raise RuntimeError("No transaction is running here")
    return transaction


async def _notify(transaction: Transaction, callbacks: list[Callback]) -> None:
    transaction.is_active = False
    for callback in callbacks:
        try:
            result = callback()
            if isinstance(result, Awaitable):
                await result
        except Exception:  # noqa: BLE001  # what was committed stays, and the others have their turn
            _log.exception("A callback of a finished transaction failed")
