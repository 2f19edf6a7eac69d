"""Which failures of messages are worth another attempt."""

from pyfly.cqrs.properties import RetryProperties
from pyfly.kernel.exceptions import (
    ConcurrencyException,
    OperationTimeoutException,
    ServiceUnavailableException,
)
from pyfly.resilience.retry import Retry


def transient_retry(said: RetryProperties) -> Retry:
    """Return the policy that *said* describes, for conflicts with others and services that do not answer."""
    return Retry(
        said.max_attempts,
        delay=said.delay,
        multiplier=said.multiplier,
        max_delay=said.max_delay,
        retry_on=(ConcurrencyException, ServiceUnavailableException, OperationTimeoutException),
        name="cqrs",
    )
