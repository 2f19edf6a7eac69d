"""pyfly."""

from benchmarks.contenders.resilience.model import ATTEMPTS, BURST, FAILURES, RATE, RECOVERY, work, work_async
from pyfly.resilience import circuit_breaker, rate_limiter, retry

DISTRIBUTIONS = ("pyfly",)

_retried = retry(max_attempts=ATTEMPTS)(work)
_retried_async = retry(max_attempts=ATTEMPTS)(work_async)
_guarded = circuit_breaker(failure_threshold=FAILURES, recovery_timeout=RECOVERY)(work)
_guarded_async = circuit_breaker(failure_threshold=FAILURES, recovery_timeout=RECOVERY)(work_async)
_limited = rate_limiter(max_tokens=BURST, refill_rate=RATE)(work)
_limited_async = rate_limiter(max_tokens=BURST, refill_rate=RATE)(work_async)


def retry_sync() -> int:
    return _retried(41)


async def retry_async() -> int:
    return await _retried_async(41)


def breaker_sync() -> int:
    return _guarded(41)


async def breaker_async() -> int:
    return await _guarded_async(41)


def limiter_sync() -> int:
    return _limited(41)


async def limiter_async() -> int:
    return await _limited_async(41)
