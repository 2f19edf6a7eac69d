"""The keys of ``pyfly.resilience``: policies by name, which decorators ask for."""

from datetime import timedelta
from typing import Annotated, Literal

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.bounds import Ge, Gt, Le
from pyfly.kernel.record import Record, attribute


class RetryProperties(Record, kw_only=True):
    """One retry policy."""

    max_attempts: Annotated[int, Ge(1), Doc("How often to call at most, the first time included.")] = 3
    delay: Annotated[timedelta, Doc("The wait before the second attempt.")] = timedelta(milliseconds=100)
    multiplier: Annotated[float, Ge(1), Doc("By how much each wait is longer than the one before.")] = 2.0
    max_delay: Annotated[timedelta, Doc("The longest wait.")] = timedelta(seconds=10)
    jitter: Annotated[float, Ge(0), Le(1), Doc("The share by which a wait varies at random.")] = 0.1
    retry_on: Annotated[tuple[str, ...], Doc("What is retried: builtin exceptions or package.Class.")] = (
        "Exception",
    )
    ignore: Annotated[tuple[str, ...], Doc("What is not retried all the same.")] = ()


class CircuitBreakerProperties(Record, kw_only=True):
    """One circuit breaker."""

    failure_threshold: Annotated[
        int, Ge(1), Doc("How many failures open it: in a row, or in the window.")
    ] = 5
    recovery_timeout: Annotated[timedelta, Doc("How long it stays open.")] = timedelta(seconds=30)
    permitted_half_open: Annotated[int, Ge(1), Doc("How many calls try the target then.")] = 1
    window: Annotated[
        str, Doc("100: the last 100 calls; 60s: those of a period; empty: failures in a row.")
    ] = ""
    failure_rate: Annotated[
        float | None, Gt(0), Le(1), Doc("The share of failures in the window that opens it.")
    ] = None
    min_calls: Annotated[int | None, Ge(1), Doc("How many calls a share needs to mean anything.")] = None
    slow_call_duration: Annotated[timedelta | None, Doc("Calls that take longer are slow.")] = None
    slow_call_rate: Annotated[float, Gt(0), Le(1), Doc("The share of slow calls that opens it.")] = 1.0
    max_half_open_wait: Annotated[
        timedelta | None, Doc("How long it waits for the trying calls; recovery-timeout if not set.")
    ] = None
    failure_on: Annotated[tuple[str, ...], Doc("What counts as a failure.")] = ("Exception",)
    ignore: Annotated[tuple[str, ...], Doc("What counts neither way.")] = ()
    count_cancelled: Annotated[bool, Doc("Whether a cancelled call counts as a failure.")] = False


class RateLimiterProperties(Record, kw_only=True):
    """One rate limiter."""

    max_tokens: Annotated[float, Ge(1), Doc("How many calls may come at once.")] = 10
    refill_rate: Annotated[float, Ge(0), Doc("How many more are allowed per second.")] = 10.0
    max_wait: Annotated[timedelta, Doc("How long a call may wait for its turn.")] = timedelta()
    max_keys: Annotated[int, Ge(1), Doc("How many keys are remembered in memory.")] = 10_000
    store: Annotated[
        Literal["memory", "redis"], Doc("Who shares the limit: this process, or all that use one Redis.")
    ] = "memory"
    when_unavailable: Annotated[
        Literal["refuse", "allow"], Doc("What becomes of calls while the shared store does not answer.")
    ] = "refuse"


class BulkheadProperties(Record, kw_only=True):
    """One bulkhead."""

    max_concurrent: Annotated[int, Ge(1), Doc("How many calls may run at once.")] = 10
    max_wait: Annotated[timedelta, Doc("How long a call may wait for a slot.")] = timedelta()
    max_queue: Annotated[int | None, Ge(0), Doc("How many may wait; any number if not set.")] = None


class TimeLimiterProperties(Record, kw_only=True):
    """One time limiter."""

    timeout: Annotated[timedelta, Doc("How long a call may take.")] = timedelta(seconds=5)


class LockProperties(Record, kw_only=True):
    """Locks."""

    store: Annotated[
        Literal["memory", "redis"], Doc("Who shares the locks: this process, or all that use one Redis.")
    ] = "memory"
    ttl: Annotated[timedelta, Doc("How long a lock lasts when its holder cannot renew it.")] = timedelta(
        seconds=30
    )
    max_wait: Annotated[timedelta, Doc("How long to wait for a lock that somebody else holds.")] = timedelta()


class RedisProperties(Record, kw_only=True):
    """The server of limits and locks whose store is ``redis``."""

    url: Annotated[str, Doc("Where it is: redis://user:password@host:6379/0.")] = ""
    timeout: Annotated[timedelta, Doc("How long to wait for its answer.")] = timedelta(milliseconds=250)
    prefix: Annotated[
        str, Doc("What its keys begin with; the name of the application (pyfly.app.name) if empty.")
    ] = ""
    optional: Annotated[bool, Doc("Whether the application starts although it does not answer.")] = False


class MetricsProperties(Record, kw_only=True):
    """What is counted about policies."""

    enabled: Annotated[bool, Doc("Count the calls of every policy by their outcome.")] = True


@config_properties("pyfly.resilience")
class ResilienceProperties(Record, kw_only=True):
    """``pyfly.resilience``: policies by name."""

    retry: Annotated[dict[str, RetryProperties], Doc("Retry policies, by name.")] = attribute(
        default_factory=dict
    )
    circuit_breaker: Annotated[dict[str, CircuitBreakerProperties], Doc("Circuit breakers, by name.")] = (
        attribute(default_factory=dict)
    )
    rate_limiter: Annotated[dict[str, RateLimiterProperties], Doc("Rate limiters, by name.")] = attribute(
        default_factory=dict
    )
    bulkhead: Annotated[dict[str, BulkheadProperties], Doc("Bulkheads, by name.")] = attribute(
        default_factory=dict
    )
    time_limiter: Annotated[dict[str, TimeLimiterProperties], Doc("Time limiters, by name.")] = attribute(
        default_factory=dict
    )
    lock: Annotated[LockProperties, Doc("Locks.")] = attribute(default_factory=LockProperties)
    redis: Annotated[RedisProperties, Doc("The server of what is shared.")] = attribute(
        default_factory=RedisProperties
    )
    metrics: Annotated[MetricsProperties, Doc("What is counted.")] = attribute(
        default_factory=MetricsProperties
    )
