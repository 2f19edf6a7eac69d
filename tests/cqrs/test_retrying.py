from datetime import timedelta

import pytest

from pyfly.cqrs.properties import RetryProperties
from pyfly.cqrs.retrying import transient_retry
from pyfly.kernel.exceptions import (
    ConcurrencyException,
    ConflictException,
    OperationTimeoutException,
    ServiceUnavailableException,
)


async def attempts(failure: type[Exception]) -> int:
    made = 0

    async def fail() -> None:
        nonlocal made
        made += 1
        raise failure("no")

    policy = transient_retry(RetryProperties(max_attempts=3, delay=timedelta(0)))
    with pytest.raises(failure):
        await policy.call(fail)
    return made


@pytest.mark.parametrize(
    "failure", [ConcurrencyException, ServiceUnavailableException, OperationTimeoutException]
)
async def test_what_may_pass_is_tried_again(failure: type[Exception]) -> None:
    assert await attempts(failure) == 3


@pytest.mark.parametrize("failure", [ConflictException, LookupError])
async def test_what_stays_wrong_is_not_tried_again(failure: type[Exception]) -> None:
    assert await attempts(failure) == 1
