"""What makes ``@transactional`` work on beans: a wrapper around each marked method."""

from collections.abc import Callable
from typing import Any, ClassVar

from pyfly.container.interception import InterceptionOrder, MethodInterceptor, MethodKind, MethodTarget
from pyfly.container.metadata import record_of
from pyfly.container.providers import Provider
from pyfly.data.transactions import TransactionManager, TransactionOptions

Method = Callable[..., Any]


class TransactionInterceptor(MethodInterceptor):
    """Runs ``@transactional`` methods in a transaction of the application's manager."""

    order: ClassVar[int] = InterceptionOrder.TRANSACTION

    def __init__(self, managers: Provider[TransactionManager]) -> None:
        """Ask *managers* for the manager at each call."""
        self._managers = managers

    def intercept(self, target: MethodTarget) -> Callable[[Method], Method] | None:
        """Wrap *target* if it, or its class, is marked."""
        options = options_of(target)
        return None if options is None else lambda proceed: self._wrapped(proceed, options)

    def _wrapped(self, proceed: Method, options: TransactionOptions) -> Method:
        manager_of = self._managers.get

        async def in_transaction(bean: Any, *args: Any, **kwargs: Any) -> Any:
            async with manager_of().transaction(options):
                return await proceed(bean, *args, **kwargs)

        return in_transaction


def options_of(target: MethodTarget) -> TransactionOptions | None:
    """Return what is said about *target*: by itself, or about the public methods of its class."""
    if target.kind is not MethodKind.ASYNC:
        return None
    own = record_of(target.function, TransactionOptions)
    if own is not None or target.name.startswith("_"):
        return own
    return next(
        (found for base in target.cls.__mro__ if (found := record_of(base, TransactionOptions))), None
    )
