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
    PoolExhaustedError,
    TransactionConflictError,
)
from pyfly.kernel.exceptions import (
    DataIntegrityException,
    InvalidRequestException,
    OperationTimeoutException,
    ServiceUnavailableException,
)

_STANDALONE = "Transaction numbers are only allowed on a replica set member or mongos"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (DuplicateKeyError("E11000 duplicate key: secret", 11000), DataIntegrityException),
        (BulkWriteError({"writeErrors": [{"code": 11000, "errmsg": "secret"}]}), DataIntegrityException),
        (OperationFailure("secret", 121), DataIntegrityException),
        (OperationFailure("secret", 112), TransactionConflictError),
        (OperationFailure("secret", 251), TransactionConflictError),
        (OperationFailure(_STANDALONE, 20), IllegalTransactionStateError),
        (OperationFailure("secret", 13), DataAccessException),
        (ExecutionTimeout("secret", 50), OperationTimeoutException),
        (WaitQueueTimeoutError("secret"), PoolExhaustedError),
        (AutoReconnect("secret"), ServiceUnavailableException),
        (ServerSelectionTimeoutError("secret"), ServiceUnavailableException),
    ],
    ids=lambda case: getattr(case, "__name__", type(case).__name__),
)
def test_driver_errors_are_told_in_the_frameworks_own(failure: Any, kind: type) -> None:
    told = translate(failure)
    assert isinstance(told, kind)
    assert "secret" not in str(told)


def test_the_errors_of_a_program_are_left_alone() -> None:
    failure = LookupError("mine")
    assert translate(failure) is failure


def test_a_number_that_bson_has_no_place_for_is_a_bad_request() -> None:
    with pytest.raises(InvalidRequestException), translated():
        raise OverflowError


def test_a_lonely_server_is_explained() -> None:
    told = translate(OperationFailure(_STANDALONE, 20))
    assert isinstance(told, IllegalTransactionStateError)
    assert "--replSet" in told.diagnosis.fix[0]
