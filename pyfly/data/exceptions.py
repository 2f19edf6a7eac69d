"""What can go wrong between an application and its stores, beyond the exceptions of the kernel.

PyFlyException
    DataAccessException          the store refused an operation for a reason nobody else names
      ReadOnlyTransactionError   the store refused to write in a read-only transaction
    UnexpectedRollbackError      a commit was asked for, but the transaction had to roll back
    IllegalTransactionStateError the propagation does not fit what is running
    NonUniqueResultError         one result was promised and several were there
ConcurrencyException
    TransactionConflictError     the store gave up a transaction in favour of another one
OperationTimeoutException
    TransactionTimedOutError     a transaction took longer than it may
ServiceUnavailableException
    DataSourceUnavailableError   the database does not answer
    PoolExhaustedError           every connection is in use
InvalidRequestException
    UnknownPropertyError         a sort or filter names something that is not mapped
BusinessException
  InvalidValueError              the database cannot take a value
    UnfitValueError              a property cannot be compared with a value of that type
InvalidDeclarationError          found at start-up
    InvalidRepositoryError       a repository method cannot be implemented
    InvalidTransactionalError    a method cannot be transactional
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import (
    BusinessException,
    ConcurrencyException,
    InvalidRequestException,
    OperationTimeoutException,
    PyFlyException,
    ResourceNotFoundException,
    ServiceUnavailableException,
)
from pyfly.kernel.nearest import nearest


class DataAccessException(PyFlyException):
    """The store refused an operation. The driver's own error is the ``__cause__``."""


class UnexpectedRollbackError(PyFlyException):
    """The transaction rolled back although its owner wanted to commit.

    Something inside it failed and the failure was swallowed on the way; it is the ``__cause__``.
    """


class ReadOnlyTransactionError(DataAccessException):
    """The store refused a write, because the transaction may only read."""

    def __init__(
        self,
        message: str = "The transaction only reads; it refused a change",
        code: str | None = "READ_ONLY",
        context: Mapping[str, object] | None = None,
    ) -> None:
        """Say what all stores say, unless there is more to tell."""
        super().__init__(message, code, context)


class IllegalTransactionStateError(PyFlyException):
    """What a unit of work asks for does not fit the transaction that is running, or its absence.

    Attributes:
        diagnosis: The reason and the remedy.
    """

    def __init__(self, reason: str, fix: str) -> None:
        """Say the *reason* and the *fix*."""
        super().__init__(f"{reason}. {fix}", "ILLEGAL_TRANSACTION_STATE")
        self.diagnosis = Diagnosis(f"{reason}.", (), (fix,))


class TransactionConflictError(ConcurrencyException):
    """The store gave up the transaction, because another one was in its way: begin it again.

    It stands for a serialisation failure or a deadlock, after which nothing is left of the transaction.
    """

    def __init__(
        self,
        message: str = "The transaction conflicts with another one; try again",
        code: str | None = "TRANSACTION_CONFLICT",
        context: Mapping[str, object] | None = None,
    ) -> None:
        """Say what all stores say, unless there is more to tell."""
        super().__init__(message, code, context)


class TransactionTimedOutError(OperationTimeoutException):
    """The transaction took longer than its ``timeout``; it has been rolled back."""

    def __init__(self, limit: timedelta | None) -> None:
        """Name the *limit*."""
        shown = f" of {limit.total_seconds():g} s" if limit else ""
        super().__init__(f"The transaction exceeded its time limit{shown}", "TRANSACTION_TIMEOUT")


class NonUniqueResultError(PyFlyException):
    """A query that promises at most one result found several."""


class DataSourceUnavailableError(ServiceUnavailableException):
    """A data source did not answer when the application started.

    Attributes:
        diagnosis: The data source with its address (without password), the reason and the remedy.
    """

    def __init__(self, name: str, address: str, reason: str, *, key: str = "pyfly.data.url") -> None:
        """Say which data source it was, where it should be, what the driver said, and the *key* of its address."""
        super().__init__(f"The database of data source '{name}' is not available", "DATABASE_UNAVAILABLE")
        self.diagnosis = Diagnosis(
            f"The database of data source '{name}' ({address}) cannot be reached.",
            (f"{reason.rstrip('.')}.",),
            (f"Start the database, or correct {key}.",),
        )


class PoolExhaustedError(ServiceUnavailableException):
    """Every connection of a data source is in use, and none came back in time.

    Attributes:
        holders: Who has a connection: where it was taken, and for how long.
    """

    def __init__(self, name: str, size: int, waited: float, holders: tuple[str, ...] = ()) -> None:
        """Say which data source it is, how long was waited and who has its connections."""
        held = "".join(f"\n  {holder}" for holder in holders)
        # Code and places are for logs; the answer to a client carries the first line alone.
        super().__init__(
            f"No connection of data source '{name}' was free within {waited:g} s", "POOL_EXHAUSTED"
        )
        self.holders = holders
        self.add_note(f"All {size} connections are in use:{held}")


class LazyLoadError(DataAccessException):
    """An attribute was read that had not been loaded, where it cannot be loaded any more.

    Attributes:
        entity: The class that has it.
        attribute: What it is called.
        place: The line of the application that read it.
    """

    def __init__(self, entity: str, attribute: str, place: str) -> None:
        """Record which *attribute* of *entity* was read at *place*."""
        name = f"{entity}.{attribute}"
        # Code and places are for logs; the answer to a client carries the first line alone.
        super().__init__(f"{name} was not loaded, and cannot be loaded when it is read", "NOT_LOADED")
        self.entity = entity
        self.attribute = attribute
        self.place = place
        self.add_note(
            f"It was read at {place or 'code of the framework'}. Load it together with the entity: lazy='selectin' at "
            f"the relationship, or selectinload({name}) in the query."
        )


class InvalidValueError(BusinessException):
    """The database cannot take a value: it is too long, out of range, or has characters that no text may have there."""


class UnfitValueError(InvalidValueError):
    """A property cannot be compared with a value of that type, nor identify by it; the store has not even been asked."""


class UnknownPropertyError(InvalidRequestException):
    """A sort, filter or query names a property that the entity does not map."""

    def __init__(self, entity: str, property: str, known: tuple[str, ...] = ()) -> None:
        """Record which *property* of *entity* was asked for, and which ones are *known*."""
        self.entity = entity
        self.property = property
        self.known = known
        self.suggestion = nearest(property, known)
        hint = f"; did you mean '{self.suggestion}'?" if self.suggestion else ""
        super().__init__(f"{entity} has no property '{property}'{hint}", code="UNKNOWN_PROPERTY")


class InvalidDeclarationError(Exception):
    """A method was declared in a way that cannot work. Found at start-up.

    Attributes:
        diagnosis: The method with its place, the reason and the remedy.
    """

    def __init__(self, what: str, reason: str, fix: str) -> None:
        """Explain *what* cannot work, the *reason* and the *fix*."""
        super().__init__(f"{what} {reason}")
        self.diagnosis = Diagnosis(what, (reason,), (fix,))


class InvalidRepositoryError(InvalidDeclarationError):
    """A repository, or a method of it, cannot be implemented from its declaration."""


class InvalidTransactionalError(InvalidDeclarationError):
    """A method is marked ``@transactional`` and cannot run in a transaction."""


@diagnose.register
def _explain_declaration(failure: InvalidDeclarationError) -> Diagnosis:
    return failure.diagnosis


@diagnose.register
def _explain_transaction_state(failure: IllegalTransactionStateError) -> Diagnosis:
    return failure.diagnosis


@diagnose.register
def _explain_unavailable(failure: DataSourceUnavailableError) -> Diagnosis:
    return failure.diagnosis


HARMLESS: Final = (
    NonUniqueResultError,
    InvalidRequestException,
    ResourceNotFoundException,
    UnfitValueError,
)
"""Found before or after the database did its part: the transaction is as good as it was."""
