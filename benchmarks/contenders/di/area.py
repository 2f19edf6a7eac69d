"""Dependency injection: nanoseconds per operation in a warm process."""

from benchmarks.area import Area, Kind, Row, Target

_PURE_PYTHON = ("dishka", "wireup")

AREA = Area(
    name="di",
    title="Dependency injection",
    kind=Kind.WARM,
    unit="ns",
    baseline="plain",
    rounds=31,
    rows=(
        Row(name="singleton", work="one look-up of a singleton by its type"),
        Row(name="transient7", work="Root(A(C, D), B(E, F)), all seven new"),
        Row(
            name="scope_sync",
            work="open a scope, Svc(Repo1(Conn), Repo2(Conn), Config) with one generator Conn per scope, close it",
        ),
        Row(name="scope_async", work="the same with an async generator and an async scope"),
        Row(name="list5", work="all five implementations of one type"),
        Row(name="by_name", work="one look-up of a singleton by its name"),
    ),
    targets=(
        Target(row="singleton", against=("plain",), limit=1.7),
        Target(row="singleton", against=("wireup",), limit=0.55),
        Target(row="transient7", against=("plain",), limit=1.6),
        Target(row="transient7", against=("dishka",), limit=0.8),
        Target(row="transient7", against=_PURE_PYTHON, limit=1.0),
        Target(row="scope_sync", against=("plain",), limit=4.5),
        Target(row="scope_sync", against=_PURE_PYTHON, limit=0.6),
        Target(row="scope_async", against=("plain",), limit=5.5),
        Target(row="scope_async", against=_PURE_PYTHON, limit=0.6),
        Target(row="list5", against=("plain",), limit=3.0),
        Target(row="list5", against=("wireup",), limit=0.65),
        Target(row="by_name", against=("plain",), limit=2.0),
        Target(row="by_name", against=("wireup",), limit=0.4),
    ),
    notes=(
        "plain calls hand-written accessor functions. Every contender runs with the thread safety its defaults give. "
        "wireup answers list5 with one tuple built at start; the others build a new list each time. "
        "dependency-injector is compiled code and has no scope of this kind."
    ),
)
