"""HTTP under load: answers per second, the server's own CPU per answer, and p99 at 32 connections."""

from benchmarks.area import Area, Kind, Row, Target


def _rate(row: str, peer: str, limit: float) -> Target:
    return Target(row=row, against=(peer,), metric="rate", limit=limit, at_least=True)


ROWS = (
    Row(name="plaintext", work="GET answers Hello, World! as text"),
    Row(
        name="json_get", work="GET with a path int and an optional query string answers a model of ten fields"
    ),
    Row(
        name="json_post",
        work="POST of an order (nested, constrained) is validated, given to an injected service together with a "
        "request-scoped bean, and answered as a model",
    ),
    Row(name="filters5", work="json_get behind five filters, each adding a response header"),
    Row(
        name="defaults",
        work="json_get with everything on that is on by default: id, limits, origins, access log, headers",
    ),
    Row(name="routes500", work="json_get among 500 other templated routes"),
)

AREA = Area(
    name="http",
    title="HTTP under load",
    kind=Kind.LOAD,
    unit="req/s",
    baseline="starlette",
    main="rate",
    rounds=9,
    rows=ROWS,
    targets=(
        _rate("plaintext", "starlette", 1.15),
        _rate("plaintext", "fastapi", 2.5),
        _rate("plaintext", "raw_asgi", 0.75),
        Target(row="plaintext", against=("starlette",), metric="cpu", limit=0.85),
        _rate("json_get", "starlette", 1.10),
        _rate("json_get", "fastapi", 2.3),
        _rate("json_get", "raw_asgi", 0.72),
        _rate("json_get", "blacksheep", 1.0),
        _rate("json_post", "starlette", 1.05),
        _rate("json_post", "fastapi", 2.2),
        _rate("json_post", "blacksheep", 1.35),
        _rate("json_post", "litestar", 2.5),
        _rate("json_post", "raw_asgi", 0.70),
        _rate("filters5", "starlette", 1.0),
        _rate("filters5", "fastapi", 2.0),
        Target(row="defaults", base="json_get", against=("pyfly",), metric="cpu", limit=1.6),
        Target(
            row="defaults", base="json_get", against=("fastapi",), metric="rate", limit=1.3, at_least=True
        ),
        Target(row="routes500", base="json_get", against=("pyfly",), metric="cpu", limit=1.03),
        *(
            Target(row=row, against=("starlette",), metric="p99", limit=1.2)
            for row in ("plaintext", "json_get", "json_post", "filters5")
        ),
    ),
    notes=(
        "One uvicorn worker each (uvloop, httptools, no access log of its own) on one core, `wrk -t1 -c32` on another, "
        "slices of one second. All but `defaults` is pyfly without its built-in stages (lean), as the peers have none. "
        "Filters are WebFilter beans in pyfly, native middleware in BlackSheep, pure ASGI in the others. "
        "A wrk that sleeps between answers is woken by the server, which pays for it: on a virtual machine, a raw ASGI "
        "application that spends 20 us more on a request is charged 33 us more. So CPU of one row in terms of another, such as "
        "`defaults` in those of `json_get`, depends on the machine; HTTP in process compares the same two without wrk."
    ),
)
