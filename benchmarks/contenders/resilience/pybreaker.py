"""pybreaker: circuit breakers. Its async support needs Tornado, so it takes part in sync calls only."""

from pybreaker import CircuitBreaker

from benchmarks.contenders.resilience.model import FAILURES, RECOVERY, work

DISTRIBUTIONS = ("pybreaker",)

_guarded = CircuitBreaker(fail_max=FAILURES, reset_timeout=RECOVERY)(work)


def breaker_sync() -> int:
    return _guarded(41)
