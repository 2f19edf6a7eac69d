from typing import Any

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
)

from pyfly.data.document.mongodb.errors import translate, translated
from pyfly.data.exceptions import (
    DataAccessException,
    IllegalTransactionStateError,
    InvalidValueError,
    PoolExhaustedError,
    TransactionConflictError,
)
from pyfly.kernel.exceptions import (
    DataIntegrityException,
    OperationTimeoutException,
    PyFlyException,
    ServiceUnavailableException,
)

_STANDALONE = "Transaction numbers are only allowed on a replica set member or mongos"


@pytest.mark.parametrize(
    ("failure", "kind", "code"),
    [
        (DuplicateKeyError("E11000 duplicate key: secret", 11000), DataIntegrityException, "DATA_INTEGRITY"),
        (
            BulkWriteError({"writeErrors": [{"code": 11000, "errmsg": "secret"}]}),
            DataIntegrityException,
            "DATA_INTEGRITY",
        ),
        (OperationFailure("secret", 121), DataIntegrityException, "DATA_INTEGRITY"),
        (OperationFailure("secret", 112), TransactionConflictError, "TRANSACTION_CONFLICT"),
        (OperationFailure("secret", 251), TransactionConflictError, "TRANSACTION_CONFLICT"),
        (OperationFailure(_STANDALONE, 20), IllegalTransactionStateError, "ILLEGAL_TRANSACTION_STATE"),
        (OperationFailure("secret", 13), DataAccessException, "DATA_ACCESS"),
        (ExecutionTimeout("secret", 50), OperationTimeoutException, "DATABASE_TIMEOUT"),
        (WaitQueueTimeoutError("secret"), PoolExhaustedError, "POOL_EXHAUSTED"),
        (AutoReconnect("secret"), ServiceUnavailableException, "DATABASE_UNAVAILABLE"),
        (ServerSelectionTimeoutError("secret"), ServiceUnavailableException, "DATABASE_UNAVAILABLE"),
    ],
    ids=lambda case: getattr(case, "__name__", type(case).__name__),
)
def test_driver_errors_are_told_in_the_frameworks_own(
    failure: Any, kind: type[PyFlyException], code: str
) -> None:
    told = translate(failure)
    assert isinstance(told, kind)
    assert told.code == code
    assert "secret" not in str(told)


def test_the_errors_of_a_program_are_left_alone() -> None:
    failure = LookupError("mine")
    assert translate(failure) is failure


def test_a_number_that_bson_has_no_place_for_is_a_bad_request() -> None:
    with pytest.raises(InvalidValueError), translated():
        raise OverflowError


def test_a_lonely_server_is_explained() -> None:
    told = translate(OperationFailure(_STANDALONE, 20))
    assert isinstance(told, IllegalTransactionStateError)
    assert "--replSet" in told.diagnosis.fix[0]
