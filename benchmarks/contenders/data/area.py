"""Relational data: nanoseconds per unit of work in a warm process."""

from benchmarks.area import Area, Kind, Row, Target

_WORK = {
    "find_by_id": "one of 1,000 rows by its primary key",
    "derived": "20 rows by an indexed column",
    "page": "a page of 20 in an order, and the number of rows",
    "save": "insert one row and commit",
    "batch": "insert 1,000 rows and commit",
}
_LIMITS = {"find_by_id": 1 / 1.05, "derived": 1 / 1.15, "page": 1 / 1.10, "save": 1 / 0.97}

AREA = Area(
    name="data",
    title="Relational data",
    kind=Kind.WARM,
    unit="ns",
    baseline="sqlalchemy",
    rounds=15,
    rows=tuple(
        Row(name=f"{store}_{name}", work=f"{work} ({title})", heavy=name == "batch")
        for store, title in (("sqlite", "SQLite"), ("postgres", "PostgreSQL"))
        for name, work in _WORK.items()
    ),
    targets=(
        *(
            Target(row=f"{store}_{name}", against=("sqlalchemy",), limit=limit)
            for store in ("sqlite", "postgres")
            for name, limit in _LIMITS.items()
        ),
        *(
            Target(row=f"{store}_{name}", against=("advanced_alchemy",), limit=1.0)
            for store in ("sqlite", "postgres")
            for name in _WORK
        ),
    ),
    notes=(
        "Each unit of work has a session of its own; what writes commits. sqlalchemy builds its statements at each call, as "
        "programs do. The settings of the connections are the same for all. advanced-alchemy is given a repository "
        "per session, as it is meant to be used."
    ),
)
