"""What makes ``@transactional`` work on beans: a wrapper around each marked method."""

import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from pyfly.container.interception import (
    Binding,
    InterceptionOrder,
    MethodInterceptor,
    MethodKind,
    MethodTarget,
    method_kind,
)
from pyfly.container.metadata import record_of
from pyfly.container.providers import Provider
from pyfly.data.repetition import Repetition
from pyfly.data.transactions import TransactionManager, TransactionOptions

Method = Callable[..., Any]


class TransactionInterceptor(MethodInterceptor):
    """Runs ``@transactional`` methods in a transaction of the manager that they name, or the application's one."""

    order: ClassVar[int] = InterceptionOrder.TRANSACTION

    def __init__(
        self,
        managers: Provider[TransactionManager],
        named: Callable[[str], TransactionManager] | None = None,
    ) -> None:
        """Ask *managers* for the manager at each call, and *named* for the one of a named data source."""
        self._managers = managers
        self._named = named

    def intercept(self, target: MethodTarget) -> Callable[[Method], Method] | None:
        """Wrap *target* if it, or its class, is marked."""
        options = options_of(target)
        if options is None:
            return None
        wrap = _in_transaction_sync if target.kind is MethodKind.SYNC else _in_transaction
        return lambda proceed: wrap(proceed, options, self._manager_of(options.datasource))

    def _manager_of(self, datasource: str) -> Callable[[], TransactionManager]:
        named = self._named
        if not datasource or named is None:
            return self._managers.get
        return lambda: named(datasource)


def _in_transaction(
    proceed: Method, options: TransactionOptions, manager_of: Callable[[], TransactionManager]
) -> Method:
    async def in_transaction(bean: Any, *args: Any, **kwargs: Any) -> Any:
        manager = manager_of()
        try:
            async with manager.transaction(options):
                return await proceed(bean, *args, **kwargs)
        except Exception as failure:
            repetition = Repetition(manager, options, (*args, *kwargs.values()))
            if (pause := repetition.pause_after(failure)) is None:
                raise
        with repetition:
            while True:
                await manager.clock.sleep(pause)
                try:
                    async with manager.transaction(options):
                        return await proceed(bean, *args, **kwargs)
                except Exception as failure:
                    if (next_pause := repetition.pause_after(failure)) is None:
                        raise
                pause = next_pause

    return in_transaction


def _in_transaction_sync(
    proceed: Method, options: TransactionOptions, manager_of: Callable[[], TransactionManager]
) -> Method:
    def in_transaction(bean: Any, *args: Any, **kwargs: Any) -> Any:
        manager = manager_of()
        try:
            with manager.transaction_sync(options):
                return proceed(bean, *args, **kwargs)
        except Exception as failure:
            repetition = Repetition(manager, options, (*args, *kwargs.values()))
            if (pause := repetition.pause_after(failure)) is None:
                raise
        with repetition:
            while True:
                time.sleep(pause)
                try:
                    with manager.transaction_sync(options):
                        return proceed(bean, *args, **kwargs)
                except Exception as failure:
                    if (next_pause := repetition.pause_after(failure)) is None:
                        raise
                pause = next_pause

    return in_transaction


def options_of(target: MethodTarget) -> TransactionOptions | None:
    """Return what is said about *target*: by itself, or about the public methods of its class.

    Of a marked class the async methods are meant; where there are none, it is a class of plain ones.
    """
    if target.kind not in (MethodKind.ASYNC, MethodKind.SYNC):
        return None
    own = record_of(target.function, TransactionOptions)
    if own is not None or target.name.startswith("_"):
        return own
    of_class = next(
        (found for base in target.cls.__mro__ if (found := record_of(base, TransactionOptions))), None
    )
    if of_class is None or target.kind is MethodKind.ASYNC:
        return of_class
    return of_class if target.binding is Binding.INSTANCE and _is_plain(target.cls) else None


def left_out(cls: type) -> Iterator[tuple[str, Method]]:
    """Yield the public plain methods of the marked class *cls* that its mark does not reach, as it has async ones."""
    if _is_plain(cls):
        return
    for name in dict.fromkeys(name for base in cls.__mro__[:-1] for name in vars(base)):
        member = inspect.getattr_static(cls, name)
        is_method = inspect.isfunction(member) and method_kind(member) is MethodKind.SYNC
        if is_method and not name.startswith("_") and record_of(member, TransactionOptions) is None:
            yield name, member


def _is_plain(cls: type) -> bool:
    return not any(
        method_kind(member) is MethodKind.ASYNC
        for base in cls.__mro__
        for name, member in base.__dict__.items()
        if not name.startswith("_") and callable(member)
    )
