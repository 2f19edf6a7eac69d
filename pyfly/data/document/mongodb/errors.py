"""Driver errors, told in the framework's own exceptions.

No message carries values: those stay with the driver's error, which is the ``__cause__``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from bson.errors import BSONError
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
)

from pyfly.data.exceptions import (
    DataAccessException,
    IllegalTransactionStateError,
    PoolExhaustedError,
    TransactionConflictError,
)
from pyfly.kernel.exceptions import (
    DataIntegrityException,
    InvalidRequestException,
    OperationTimeoutException,
    PyFlyException,
    ServiceUnavailableException,
)

# https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
_CONFLICTS: Final = (112, 251, 244, 24, 246)
_TIMEOUTS: Final = (50, 262)
_INVALID: Final = 121
_NO_TRANSACTIONS: Final = 20


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the block raises, with driver errors turned into exceptions of the framework."""
    try:
        yield
    except PyMongoError as failure:
        raise translate(failure) from failure
    except (BSONError, OverflowError) as failure:
        raise InvalidRequestException("A value cannot be stored", "INVALID_VALUE") from failure


def translate(failure: Exception) -> Exception:
    """Return the framework's exception for *failure*, or *failure* itself if it is none of the driver's."""
    if not isinstance(failure, PyMongoError):
        return failure
    if isinstance(failure, WaitQueueTimeoutError):
        return PoolExhaustedError("document", 0, 0)
    if failure.timeout and not isinstance(failure, ServerSelectionTimeoutError):
        return OperationTimeoutException("The document store took too long", "DATABASE_TIMEOUT")
    if isinstance(failure, ConnectionFailure):
        return ServiceUnavailableException("The document store is not available", "DATABASE_UNAVAILABLE")
    return _refused(failure)


def _refused(failure: PyMongoError) -> PyFlyException:
    if failure.has_error_label("TransientTransactionError") or _code(failure) in _CONFLICTS:
        return TransactionConflictError("The transaction conflicts with another one; try again")
    code = _code(failure)
    if code == 11000:
        return _violated("unique")
    if code == _INVALID:
        return _violated("check")
    if code in _TIMEOUTS:
        return OperationTimeoutException("The document store took too long", "DATABASE_TIMEOUT")
    if code == _NO_TRANSACTIONS and "Transaction numbers" in str(failure):
        return without_transactions()
    return DataAccessException(f"The document store refused the operation ({type(failure).__name__})")


def without_transactions() -> IllegalTransactionStateError:
    """Return the error for a server that has no transactions."""
    return IllegalTransactionStateError(
        "The MongoDB server stands alone, and only replica sets have transactions",
        "Start it with --replSet and call rs.initiate() once; a set of one member will do.",
    )


def _violated(constraint: str) -> DataIntegrityException:
    return DataIntegrityException(
        f"The change violates a {constraint} constraint", "DATA_INTEGRITY", {"constraint": constraint}
    )


def _code(failure: PyMongoError) -> int | None:
    if isinstance(failure, BulkWriteError):
        details: dict[str, Any] = dict(failure.details or {})
        errors = details.get("writeErrors") or [{}]
        code: int | None = errors[0].get("code")
        return code
    return failure.code if isinstance(failure, OperationFailure) else None
