"""Driver errors, told in the framework's own exceptions.

No message carries SQL or values: those stay with the driver's error, which is the ``__cause__``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    MissingGreenlet,
    NoResultFound,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import DetachedInstanceError, StaleDataError

from pyfly.data.exceptions import (
    DataAccessException,
    InvalidValueError,
    LazyLoadError,
    ReadOnlyTransactionError,
    TransactionConflictError,
    UnexpectedRollbackError,
)
from pyfly.data.hooks.places import place_of
from pyfly.kernel.exceptions import (
    ConcurrencyException,
    DataIntegrityException,
    OperationTimeoutException,
    PyFlyException,
    ResourceNotFoundException,
    ServiceUnavailableException,
)

# SQLSTATE of serialisation failures and deadlocks: https://www.postgresql.org/docs/current/errcodes-appendix.html
# Numbers are those of MariaDB: https://mariadb.com/kb/en/mariadb-error-code-reference/
_CONFLICTS = ("40001", "40P01", 1213, 1020)
_LOCKED = ("55P03", 1205)
# Shutting down, crashed, starting up, too many connections, broken connections.
_GONE = ("57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08004", "08006")
_TIMEOUTS = ("57014", 1969, 3024)
_READ_ONLY = ("25006", 1792, "SQLITE_READONLY")
# Not of the type, too long, out of range, no date, characters that no text may have.
_INVALID = ("22000", "22001", "22003", "22007", "22008", "22021", "22P02", "22P05", 1264, 1292, 1366, 1406)
# What types of columns raise of values that are none of theirs.
_UNFIT = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)
_UNSENDABLE = (OverflowError, UnicodeEncodeError)
_MARIADB_LOST = (2002, 2003, 2006, 2013, 2055, 1040, 1053, 1152, 1927)
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_KINDS = {
    "UNIQUE": "unique", "PRIMARY KEY": "unique", "23505": "unique",
    "FOREIGN KEY": "foreign key", "23503": "foreign key",
    "NOT NULL": "not null", "23502": "not null",
    "CHECK": "check", "23514": "check",
    "1062": "unique", "1022": "unique", "1451": "foreign key", "1452": "foreign key", "1216": "foreign key",
    "1217": "foreign key", "1048": "not null", "1364": "not null", "4025": "check", "3819": "check",
}  # fmt: skip


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the block raises, with driver errors turned into exceptions of the framework.

    For blocks that do nothing but talk to the database: some drivers raise errors of Python itself.
    """
    try:
        yield
    except OSError as failure:
        raise _unavailable() from failure
    except _UNSENDABLE as failure:
        raise _invalid() from failure
    except SQLAlchemyError as failure:
        raise translate(failure) from failure


@contextmanager
def translating() -> Iterator[None]:
    """Do what :func:`translated` does for blocks that do other things as well: errors of Python itself may be theirs."""
    try:
        yield
    except SQLAlchemyError as failure:
        raise translate(failure) from failure


def translate(failure: Exception) -> Exception:
    """Return the framework's exception for *failure*, or *failure* itself when it is none of ours."""
    for kinds, told in _TRANSLATIONS:
        if isinstance(failure, kinds):
            return told(failure)
    return failure


def _driver(failure: DBAPIError) -> PyFlyException:
    number = _number(failure)
    code = number or _state(failure) or _sqlite(failure)
    for codes, told in _BY_CODE:
        if code in codes:
            return told()
    if str(number) in _KINDS:
        return _violated(_KINDS[str(number)])  # Some drivers report constraints as operational errors.
    if isinstance(failure, DataError) and not code:
        return _invalid()  # The driver has not even sent it.
    refused = isinstance(failure, OperationalError | InterfaceError)
    if failure.connection_invalidated or number in _MARIADB_LOST or (refused and _is_unreachable(failure)):
        return _unavailable()
    return DataAccessException(f"The database refused a statement ({type(failure).__name__})", "DATA_ACCESS")


def _number(failure: DBAPIError) -> int:
    """Return the error number of MariaDB and MySQL; 0 for other databases."""
    arguments = getattr(failure.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0


def _sqlite(failure: DBAPIError) -> str:
    return str(getattr(failure.orig, "sqlite_errorname", ""))


def _is_unreachable(failure: DBAPIError) -> bool:
    name = _sqlite(failure)
    return name.startswith((*_BUSY, "SQLITE_CANTOPEN")) or (not name and failure.statement is None)


def _unavailable(_failure: Exception | None = None) -> PyFlyException:
    return ServiceUnavailableException("The database is not available", "DATABASE_UNAVAILABLE")


def _invalid() -> PyFlyException:
    return InvalidValueError("The database cannot take one of the values", "INVALID_VALUE")


def _integrity(failure: IntegrityError) -> PyFlyException:
    return _violated(_kind(failure))


def _violated(kind: str) -> PyFlyException:
    what = f"a {kind} constraint" if kind else "a constraint"
    return DataIntegrityException(
        f"The change violates {what} of the database",
        "DATA_INTEGRITY",
        {"constraint": kind} if kind else None,
    )


def _kind(failure: IntegrityError) -> str:
    if number := _number(failure):
        return _KINDS.get(str(number), "")
    if state := _state(failure):
        return _KINDS.get(state, "")
    text = str(failure.orig).upper()
    return next((kind for mark, kind in _KINDS.items() if mark in text), "")


def _state(failure: DBAPIError) -> str:
    return str(getattr(failure.orig, "sqlstate", None) or getattr(failure.orig, "pgcode", None) or "")


def _stale(_failure: Exception) -> PyFlyException:
    return ConcurrencyException("The data was changed or removed by someone else meanwhile", "STALE_DATA")


def _doomed(_failure: Exception) -> PyFlyException:
    return UnexpectedRollbackError("The transaction has failed already; it can only be rolled back")


def _absent(_failure: Exception) -> PyFlyException:
    return ResourceNotFoundException("No row matches", "NOT_FOUND")


def _not_loaded(failure: Exception) -> PyFlyException:
    """Tell which attribute it was: SQLAlchemy's own message may not, but its traceback knows."""
    if isinstance(failure, StatementError) and not isinstance(failure.orig, MissingGreenlet):
        return _invalid() if isinstance(failure.orig, _UNFIT) else _other(failure)
    step = failure.__traceback__
    while step is not None:
        attribute: Any = step.tb_frame.f_locals.get("self")
        if step.tb_frame.f_code.co_name == "_fire_loader_callables" and hasattr(attribute, "class_"):
            place = place_of(failure)
            return LazyLoadError(
                attribute.class_.__name__, attribute.key, "" if place is None else str(place)
            )
        step = step.tb_next
    return _other(failure)


def _other(failure: Exception) -> PyFlyException:
    return DataAccessException(f"The database operation failed ({type(failure).__name__})", "DATA_ACCESS")


_BY_CODE: tuple[tuple[tuple[object, ...], Callable[[], PyFlyException]], ...] = (
    (_CONFLICTS, TransactionConflictError),
    (_GONE, _unavailable),
    (_INVALID, _invalid),
    (_LOCKED, lambda: ConcurrencyException("Somebody else has locked the data for too long", "LOCK_TIMEOUT")),
    (_TIMEOUTS, lambda: OperationTimeoutException("The database took too long", "DATABASE_TIMEOUT")),
    (_READ_ONLY, ReadOnlyTransactionError),
)

# The first that fits decides.
_TRANSLATIONS: tuple[tuple[Any, Callable[[Any], Exception]], ...] = (
    (IntegrityError, _integrity),
    (StaleDataError, _stale),
    (PendingRollbackError, _doomed),
    (NoResultFound, _absent),
    (DBAPIError, _driver),
    ((PoolTimeoutError, DisconnectionError), _unavailable),
    ((MissingGreenlet, StatementError, DetachedInstanceError), _not_loaded),
    (SQLAlchemyError, _other),
)
