"""Resilience: retries, circuit breakers, limits of rate, concurrency and time, and other answers.

Policies guard functions and bean methods, sync and async alike, through decorators or by hand. They
nest in one order, however the decorators are written: fallback, retry, circuit breaker, rate limiter,
time limiter, bulkhead. Locks, and limits that several processes share, have stores of their own.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

_HOMES = {
    "Bulkhead": "bulkhead",
    "CircuitBreaker": "circuit_breaker",
    "CircuitState": "circuit",
    "Deadline": "deadline",
    "EventType": "events",
    "Fallback": "fallback",
    "KeyedRateLimiter": "limiter",
    "Lease": "locks",
    "Limiter": "limiter",
    "LockLostError": "locks",
    "Locks": "locks",
    "Measurement": "metrics",
    "Policy": "policy",
    "PolicyKind": "events",
    "PolicyRegistry": "registry",
    "RateLimiter": "rate_limiter",
    "ResilienceEndpoint": "endpoint",
    "ResilienceEvent": "events",
    "ResilienceEvents": "events",
    "ResilienceInterceptor": "interceptor",
    "ResilienceProperties": "properties",
    "Retry": "retry",
    "RetryState": "retry_state",
    "SharedRateLimiter": "shared_rate_limiter",
    "StoreUnavailableError": "ports.outbound",
    "TimeLimiter": "time_limiter",
    "UnboundPolicyError": "composition",
    "UnknownPolicyError": "registry",
    "bulkhead": "bulkhead",
    "circuit_breaker": "circuit_breaker",
    "deadline": "deadline",
    "fallback": "fallback",
    "rate_limiter": "rate_limiter",
    "retry": "retry",
    "time_limiter": "time_limiter",
}

if TYPE_CHECKING:
    from pyfly.resilience.bulkhead import Bulkhead as Bulkhead
    from pyfly.resilience.bulkhead import bulkhead as bulkhead
    from pyfly.resilience.circuit import CircuitState as CircuitState
    from pyfly.resilience.circuit_breaker import CircuitBreaker as CircuitBreaker
    from pyfly.resilience.circuit_breaker import circuit_breaker as circuit_breaker
    from pyfly.resilience.composition import UnboundPolicyError as UnboundPolicyError
    from pyfly.resilience.deadline import Deadline as Deadline
    from pyfly.resilience.deadline import deadline as deadline
    from pyfly.resilience.endpoint import ResilienceEndpoint as ResilienceEndpoint
    from pyfly.resilience.events import EventType as EventType
    from pyfly.resilience.events import PolicyKind as PolicyKind
    from pyfly.resilience.events import ResilienceEvent as ResilienceEvent
    from pyfly.resilience.events import ResilienceEvents as ResilienceEvents
    from pyfly.resilience.fallback import Fallback as Fallback
    from pyfly.resilience.fallback import fallback as fallback
    from pyfly.resilience.interceptor import ResilienceInterceptor as ResilienceInterceptor
    from pyfly.resilience.limiter import KeyedRateLimiter as KeyedRateLimiter
    from pyfly.resilience.limiter import Limiter as Limiter
    from pyfly.resilience.locks import Lease as Lease
    from pyfly.resilience.locks import LockLostError as LockLostError
    from pyfly.resilience.locks import Locks as Locks
    from pyfly.resilience.metrics import Measurement as Measurement
    from pyfly.resilience.policy import Policy as Policy
    from pyfly.resilience.ports.outbound import StoreUnavailableError as StoreUnavailableError
    from pyfly.resilience.properties import ResilienceProperties as ResilienceProperties
    from pyfly.resilience.rate_limiter import RateLimiter as RateLimiter
    from pyfly.resilience.rate_limiter import rate_limiter as rate_limiter
    from pyfly.resilience.registry import PolicyRegistry as PolicyRegistry
    from pyfly.resilience.registry import UnknownPolicyError as UnknownPolicyError
    from pyfly.resilience.retry import Retry as Retry
    from pyfly.resilience.retry import retry as retry
    from pyfly.resilience.retry_state import RetryState as RetryState
    from pyfly.resilience.shared_rate_limiter import SharedRateLimiter as SharedRateLimiter
    from pyfly.resilience.time_limiter import TimeLimiter as TimeLimiter
    from pyfly.resilience.time_limiter import time_limiter as time_limiter

__all__ = [
    "Bulkhead",
    "CircuitBreaker",
    "CircuitState",
    "Deadline",
    "EventType",
    "Fallback",
    "KeyedRateLimiter",
    "Lease",
    "Limiter",
    "LockLostError",
    "Locks",
    "Measurement",
    "Policy",
    "PolicyKind",
    "PolicyRegistry",
    "RateLimiter",
    "ResilienceEndpoint",
    "ResilienceEvent",
    "ResilienceEvents",
    "ResilienceInterceptor",
    "ResilienceProperties",
    "Retry",
    "RetryState",
    "SharedRateLimiter",
    "StoreUnavailableError",
    "TimeLimiter",
    "UnboundPolicyError",
    "UnknownPolicyError",
    "bulkhead",
    "circuit_breaker",
    "deadline",
    "fallback",
    "rate_limiter",
    "retry",
    "time_limiter",
]

__getattr__, __dir__ = lazy_exports(__name__, {name: f"{__name__}.{home}" for name, home in _HOMES.items()})
