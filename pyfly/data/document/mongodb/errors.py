"""Driver errors, told in the framework's own exceptions.

No message carries values: those stay with the driver's error, which is the ``__cause__``.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

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
    InvalidValueError,
    PoolExhaustedError,
    TransactionConflictError,
)
from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import (
    DataIntegrityException,
    OperationTimeoutException,
    PyFlyException,
    ServiceUnavailableException,
)

# https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
_CONFLICTS: Final = (112, 251, 244, 24, 246)
_TIMEOUTS: Final = (50, 262)
_INVALID: Final = 121
_NO_TRANSACTIONS: Final = 20
_TRANSIENT: Final = "TransientTransactionError"


class DocumentsRefusedError(DataAccessException):
    """The database answers, and does not take the documents of the application: an index, or the user.

    Attributes:
        diagnosis: The database, what it said, and the remedy.
    """

    def __init__(self, address: str, reason: str) -> None:
        """Say which database it is, and what it said."""
        super().__init__("The document database refused the documents of the application", "DATA_ACCESS")
        self.diagnosis = Diagnosis(
            f"The document database ({address}) refused the documents of the application.",
            (f"{reason.rstrip('.')}.",),
            (
                "Mend the documents, or the rights of the user; drop an index that differs.",
                "Make indexes yourself: pyfly.data.document.create-indexes: false.",
            ),
        )


@diagnose.register
def _explain_refused(failure: DocumentsRefusedError) -> Diagnosis:
    return failure.diagnosis


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the block raises, with driver errors turned into exceptions of the framework."""
    try:
        yield
    except PyMongoError as failure:
        raise translate(failure) from failure
    except (BSONError, OverflowError) as failure:
        raise InvalidValueError(
            "The document store cannot take one of the values", "INVALID_VALUE"
        ) from failure


def translate(failure: Exception) -> Exception:
    """Return the framework's exception for *failure*, or *failure* itself if it is none of the driver's."""
    if not isinstance(failure, PyMongoError):
        return failure
    if isinstance(failure, WaitQueueTimeoutError):
        return _exhausted(failure)
    if failure.timeout and not isinstance(failure, ServerSelectionTimeoutError):
        return _late()
    if isinstance(failure, ConnectionFailure):
        return unavailable()
    return _refused(failure)


def unavailable() -> ServiceUnavailableException:
    """Return the error for a database that does not answer."""
    return ServiceUnavailableException("The document store is not available", "DATABASE_UNAVAILABLE")


def is_undone(failure: BaseException | None) -> bool:
    """Return whether *failure* is a lost connection that took all of its transaction along."""
    is_lost = isinstance(failure, ConnectionFailure) and not failure.timeout
    return is_lost and cast("ConnectionFailure", failure).has_error_label(_TRANSIENT)


def _late() -> OperationTimeoutException:
    return OperationTimeoutException("The document store took too long", "DATABASE_TIMEOUT")


def _exhausted(failure: WaitQueueTimeoutError) -> PoolExhaustedError:
    # The driver alone knows how long it has waited: a transaction may have had less time than is configured.
    size, waited = (_figure(rf"{name}: ([\d.]+)", failure) for name in ("maxPoolSize", "timeout"))
    return PoolExhaustedError("document", int(size), waited)


def _figure(expression: str, failure: Exception) -> float:
    found = re.search(expression, str(failure))
    return 0.0 if found is None else float(found[1])


def _refused(failure: PyMongoError) -> PyFlyException:
    if failure.has_error_label(_TRANSIENT) or _code(failure) in _CONFLICTS:
        return TransactionConflictError()
    code = _code(failure)
    if code == 11000:
        return _violated("unique")
    if code == _INVALID:
        return _violated("check")
    if code in _TIMEOUTS:
        return _late()
    if code == _NO_TRANSACTIONS and "Transaction numbers" in str(failure):
        return without_transactions()
    return DataAccessException(
        f"The document store refused the operation ({type(failure).__name__})", "DATA_ACCESS"
    )


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
