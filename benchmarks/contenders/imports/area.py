"""Imports: milliseconds and peak memory of a fresh interpreter that imports one thing."""

from benchmarks.area import Area, Kind, Row, Target

_CORE = ("core", "core_names")

AREA = Area(
    name="imports",
    title="Import",
    kind=Kind.COLD,
    unit="ms",
    baseline="plain",
    rounds=15,
    rows=(
        Row(
            name="core", work="the packages as `import` leaves them; pyfly: pyfly.container and pyfly.context"
        ),
        Row(
            name="core_names", work="the names a first program uses; pyfly: Container and ApplicationContext"
        ),
        Row(
            name="web",
            work=(
                "what a web application has imported when it is built; "
                "starlette and pydantic together, FastAPI, pyfly.web with its Starlette adapter, "
                "which imports pydantic's core, and pydantic itself with the first route that has a model"
            ),
        ),
    ),
    targets=(
        *(Target(row=row, against=("pydantic",), limit=0.5) for row in _CORE),
        *(Target(row=row, against=("dishka",), limit=0.25) for row in _CORE),
        *(Target(row=row, metric="memory", limit=18.0) for row in _CORE),
        Target(row="web", against=("starlette",), limit=1.25),
        Target(row="web", against=("fastapi",), limit=0.45),
    ),
    notes="plain imports nothing: it is the interpreter's own start, and part of every other figure.",
)
