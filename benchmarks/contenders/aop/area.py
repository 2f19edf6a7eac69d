"""Interception: nanoseconds per call of an advised method in a warm process."""

from benchmarks.area import Area, Kind, Row, Target

AREA = Area(
    name="aop",
    title="Interception of method calls",
    kind=Kind.WARM,
    unit="ns",
    baseline="plain",
    rounds=21,
    rows=(
        Row(name="direct_sync", work="the method without advice"),
        Row(name="direct_async", work="the same, awaited"),
        Row(name="around_sync", work="advice that measures the call and adds the time up"),
        Row(name="around_async", work="the same around an async method"),
        Row(name="around3_async", work="three of them"),
        Row(name="before_sync", work="advice that counts the call before it"),
        Row(name="around_among_100", work="around_sync, with 100 aspects more that mean other methods"),
    ),
    targets=(
        Target(row="around_sync", against=("plain",), limit=1.3),
        Target(row="around_async", against=("plain",), limit=1.2),
        Target(row="around3_async", against=("plain",), limit=1.2),
        Target(row="before_sync", against=("plain",), limit=1.6),
        Target(row="around_among_100", against=("plain",), limit=1.3),
    ),
    notes=(
        "plain wraps the method in a hand-written decorator that hands a closure to the advice, a function of its own. "
        "inlined writes the advice into each decorator, which is the floor and serves one kind of advice only. "
        "pyfly advises a bean of a started context; its advice gets a join point and goes on through proceed()."
    ),
)
