"""Resilience: nanoseconds per call of a function that succeeds, inside a policy."""

from benchmarks.area import Area, Kind, Row, Target

AREA = Area(
    name="resilience",
    title="Resilience",
    kind=Kind.WARM,
    unit="ns",
    baseline="plain",
    rounds=31,
    rows=(
        Row(name="retry_sync", work="a call that succeeds at the first of three attempts"),
        Row(name="retry_async", work="the same, async"),
        Row(
            name="breaker_sync",
            work="a call through a closed circuit breaker that opens after 5 failures in a row",
        ),
        Row(name="breaker_async", work="the same, async"),
        Row(name="limiter_sync", work="a call that takes a token from a bucket that has some"),
        Row(name="limiter_async", work="the same, async"),
    ),
    targets=(
        Target(row="retry_sync", against=("plain",), limit=1.2),
        Target(row="retry_async", against=("plain",), limit=1.2),
        Target(row="retry_sync", against=("tenacity",), limit=0.02),
        Target(row="retry_async", against=("tenacity",), limit=0.02),
        Target(row="breaker_sync", against=("plain",), limit=2.0),
        Target(row="breaker_async", against=("plain",), limit=2.0),
        Target(row="breaker_sync", against=("pybreaker",), limit=0.25),
        Target(row="limiter_sync", against=("plain",), limit=1.3),
        Target(row="limiter_async", against=("plain",), limit=1.3),
        Target(row="limiter_async", against=("aiolimiter",), limit=0.6),
    ),
    notes=(
        "plain is a closure written by hand, its state guarded by a thread lock where it changes. "
        "aiolimiter is for one event loop and has no lock."
    ),
)
