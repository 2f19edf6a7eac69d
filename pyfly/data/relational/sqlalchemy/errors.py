"""Driver errors, told in the framework's own exceptions.

No message carries SQL or values: those stay with the driver's error, which is the ``__cause__``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    NoResultFound,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from pyfly.data.exceptions import DataAccessException, UnexpectedRollbackError
from pyfly.kernel.exceptions import (
    ConcurrencyException,
    DataIntegrityException,
    PyFlyException,
    ResourceNotFoundException,
    ServiceUnavailableException,
)

# SQLSTATE of serialisation failures and deadlocks: https://www.postgresql.org/docs/current/errcodes-appendix.html
_CONFLICTS = ("40001", "40P01")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_KINDS = {
    "UNIQUE": "unique", "PRIMARY KEY": "unique", "23505": "unique",
    "FOREIGN KEY": "foreign key", "23503": "foreign key",
    "NOT NULL": "not null", "23502": "not null",
    "CHECK": "check", "23514": "check",
}  # fmt: skip


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the block raises, with driver errors turned into exceptions of the framework.

    For blocks that do nothing but talk to the database: some drivers raise a bare ``OSError``.
    """
    try:
        yield
    except OSError as failure:
        raise _unavailable() from failure
    except SQLAlchemyError as failure:
        raise translate(failure) from failure


def translate(failure: Exception) -> Exception:
    """Return the framework's exception for *failure*, or *failure* itself when it is none of ours."""
    for kinds, told in _TRANSLATIONS:
        if isinstance(failure, kinds):
            return told(failure)
    return failure


def _driver(failure: DBAPIError) -> PyFlyException:
    if _state(failure) in _CONFLICTS:
        return ConcurrencyException("The transaction conflicts with another one; try again", "CONFLICT")
    refused = isinstance(failure, OperationalError | InterfaceError)
    if failure.connection_invalidated or (refused and _is_unreachable(failure)):
        return _unavailable()
    return DataAccessException(f"The database refused a statement ({type(failure).__name__})", "DATA_ACCESS")


def _is_unreachable(failure: DBAPIError) -> bool:
    name = str(getattr(failure.orig, "sqlite_errorname", ""))
    return name.startswith((*_BUSY, "SQLITE_CANTOPEN")) or (not name and failure.statement is None)


def _unavailable(_failure: Exception | None = None) -> PyFlyException:
    return ServiceUnavailableException("The database is not available", "DATABASE_UNAVAILABLE")


def _integrity(failure: IntegrityError) -> PyFlyException:
    kind = _kind(failure)
    what = f"a {kind} constraint" if kind else "a constraint"
    return DataIntegrityException(
        f"The change violates {what} of the database",
        "DATA_INTEGRITY",
        {"constraint": kind} if kind else None,
    )


def _kind(failure: IntegrityError) -> str:
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


def _other(failure: Exception) -> PyFlyException:
    return DataAccessException(f"The database operation failed ({type(failure).__name__})", "DATA_ACCESS")


# The first that fits decides.
_TRANSLATIONS: tuple[tuple[Any, Callable[[Any], Exception]], ...] = (
    (IntegrityError, _integrity),
    (StaleDataError, _stale),
    (PendingRollbackError, _doomed),
    (NoResultFound, _absent),
    (DBAPIError, _driver),
    ((PoolTimeoutError, DisconnectionError), _unavailable),
    (SQLAlchemyError, _other),
)
