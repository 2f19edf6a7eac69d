"""Web, first 200: milliseconds from spawning the server until the first right answer, and memory at that moment."""

from benchmarks.area import Area, Kind, Row, Target

_ROWS = ("first_200", "first_200_model")

AREA = Area(
    name="web",
    title="Web, first 200",
    kind=Kind.SERVER,
    unit="ms",
    baseline="raw_asgi",
    rounds=11,
    rows=(
        Row(name="first_200", work="GET /items/42 answers a JSON object; no model"),
        Row(name="first_200_model", work="GET /items/42 answers a pydantic model of three fields"),
    ),
    targets=(
        *(Target(row=row, against=("starlette",), limit=1.2) for row in _ROWS),
        *(Target(row=row, against=("fastapi",), limit=0.7) for row in _ROWS),
        *(
            Target(row=row, against=("starlette",), metric="memory", difference=True, limit=5.0)
            for row in _ROWS
        ),
    ),
    notes=(
        "One uvicorn worker with uvloop and httptools for everybody; raw ASGI is the floor. "
        "pyfly runs with the defaults a new user gets."
    ),
)
