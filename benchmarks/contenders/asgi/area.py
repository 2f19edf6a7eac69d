"""The applications of the HTTP area without sockets and parser: nanoseconds per request."""

from benchmarks.area import Area, Kind, Target
from benchmarks.contenders.http.area import ROWS

AREA = Area(
    name="asgi",
    title="HTTP in process",
    kind=Kind.ASGI,
    unit="ns",
    baseline="starlette",
    folder="http",
    rounds=21,
    rows=ROWS,
    targets=(
        Target(row="json_get", against=("starlette",), limit=0.75),
        Target(row="json_post", against=("starlette",), limit=0.75),
        Target(row="filters5", base="json_get", against=("pyfly",), difference=True, limit=15_000),
        Target(row="defaults", base="json_get", against=("pyfly",), limit=1.6),
        Target(row="routes500", base="json_get", against=("pyfly",), limit=1.03),
    ),
    notes=(
        "The same applications, called with a fresh scope on one uvloop, which turns after 32 calls; what they send is thrown away. "
        "Where pyfly's time goes, by difference (each layer called alone): of json_get two thirds are the endpoint "
        "(the model made by the handler, the query string parsed, the answer written), a sixth is finding the route, "
        "a twelfth dispatch and sending, the rest the two layers that start and stop the application; of json_post "
        "nine tenths are the endpoint, most of it pydantic. Of what `defaults` adds, half is the line of the access log, "
        "written with others when the loop turns, a quarter the request id, the rest security headers, limits and the "
        "check of origins. Left to gain: templated routes that are found without recursion (a twentieth)."
    ),
)
