"""What a program says about a transaction before it begins."""

from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar, overload

from pyfly.container.metadata import record
from pyfly.core.config.units import parse_duration
from pyfly.kernel.record import Record

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


class Propagation(Enum):
    """What a unit of work does about a transaction that is already running."""

    REQUIRED = "required"
    """Join it; begin one if there is none."""
    SUPPORTS = "supports"
    """Join it; run without one if there is none."""
    MANDATORY = "mandatory"
    """Join it; refuse to run if there is none."""
    REQUIRES_NEW = "requires_new"
    """Set it aside and begin another one, on a connection of its own."""
    NOT_SUPPORTED = "not_supported"
    """Set it aside and run without one."""
    NEVER = "never"
    """Refuse to run inside of one."""
    NESTED = "nested"
    """Run in a part of it that can roll back alone (a savepoint); begin one if there is none."""


class Isolation(Enum):
    """How much a transaction sees of others that run beside it, from least to most separated."""

    DEFAULT = "default"
    """What the database is set to."""
    READ_UNCOMMITTED = "read_uncommitted"
    READ_COMMITTED = "read_committed"
    REPEATABLE_READ = "repeatable_read"
    SERIALIZABLE = "serializable"

    @property
    def strictness(self) -> int:
        """A number that grows with the separation; 0 for the default of the database."""
        return _STRICTNESS[self]

    @property
    def sql(self) -> str:
        """The name of the level in SQL."""
        return self.value.replace("_", " ").upper()


_STRICTNESS = {level: place for place, level in enumerate(Isolation)}


class TransactionOptions(Record, kw_only=True):
    """What ``@transactional`` says about a method, or about every public method of a class.

    Attributes:
        propagation: What is done about a transaction that is already running.
        isolation: The isolation level. Of a transaction that is joined, only that it is strict enough is checked.
        read_only: Let the database refuse writes, and use the replica if the data source has one.
        timeout: How long a transaction that begins here may last. One that is joined keeps its own limit.
        rollback_for: Exceptions that roll back although a base class is in *no_rollback_for*.
        no_rollback_for: Exceptions that do not keep the transaction from being committed.
        retry: How often the unit is attempted at most when the database gives up one of several
            transactions that are in each other's way; ``None`` leaves that to ``pyfly.data.retry``.
        datasource: The name of the data source; empty for the default one.
    """

    propagation: Propagation = Propagation.REQUIRED
    isolation: Isolation = Isolation.DEFAULT
    read_only: bool = False
    timeout: timedelta | None = None
    rollback_for: tuple[type[Exception], ...] = ()
    no_rollback_for: tuple[type[Exception], ...] = ()
    retry: int | None = None
    datasource: str = ""

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


def transaction_options(**options: Any) -> TransactionOptions:
    """Return options as ``@transactional`` takes them: a ``timeout`` of ``"5s"``, a single exception.

    Raises:
        ValueError: The timeout is not a duration above zero, or ``retry`` is below 1.
    """
    return TransactionOptions(**_checked(options))


@overload
def transactional(target: C, /) -> C: ...
@overload
def transactional(target: F, /) -> F: ...
@overload
def transactional(
    datasource: str = ...,
    /,
    *,
    propagation: Propagation = ...,
    isolation: Isolation = ...,
    read_only: bool = ...,
    timeout: timedelta | str | float | None = ...,
    rollback_for: tuple[type[Exception], ...] | type[Exception] = ...,
    no_rollback_for: tuple[type[Exception], ...] | type[Exception] = ...,
    retry: int | None = ...,
) -> Callable[[F], F]: ...
@overload
def transactional(
    *,
    datasource: str = ...,
    propagation: Propagation = ...,
    isolation: Isolation = ...,
    read_only: bool = ...,
    timeout: timedelta | str | float | None = ...,
    rollback_for: tuple[type[Exception], ...] | type[Exception] = ...,
    no_rollback_for: tuple[type[Exception], ...] | type[Exception] = ...,
    retry: int | None = ...,
) -> Callable[[F], F]: ...
def transactional(target: Any = None, /, **options: Any) -> Any:
    """Run a method, or every public method of a class, in a transaction.

    It commits when the method returns and rolls back when it raises or is cancelled. A method
    that is called while a transaction runs joins it, unless its propagation says otherwise. What a
    method says wins over its class. Methods may be async or plain; plain ones use a connection of a
    synchronous driver. Of a marked class the methods are meant that are async; plain ones are marked one by one.

    Args:
        target: The method or class, when used without arguments; or the name of a data source.
        options: See :class:`TransactionOptions`. ``timeout`` also takes ``"5s"`` or seconds.

    Raises:
        ValueError: The timeout is not a duration above zero, or ``retry`` is below 1.
    """
    if isinstance(target, str):
        options["datasource"], target = target, None
    said = _checked(options)

    def decorate(decorated: Any) -> Any:
        record(decorated, TransactionOptions, **said)
        return decorated

    return decorate if target is None else decorate(target)


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    said = dict(options)
    for name in ("rollback_for", "no_rollback_for"):
        if isinstance(said.get(name), type):
            said[name] = (said[name],)
    if said.get("timeout") is not None:
        said["timeout"] = parse_duration(said["timeout"])
        if not said["timeout"]:
            raise ValueError("the timeout of a transaction has to be longer than zero")
    if said.get("retry") is not None and said["retry"] < 1:
        raise ValueError(f"retry is {said['retry']!r}: a transaction is attempted at least once")
    return said
