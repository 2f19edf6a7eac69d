"""Events: nanoseconds per publication in a warm process."""

from benchmarks.area import Area, Kind, Row, Target

AREA = Area(
    name="events",
    title="Events in memory",
    kind=Kind.WARM,
    unit="ns",
    baseline="plain",
    rounds=31,
    rows=(
        Row(name="one_handler", work="publish one event with its time and headers to one async handler"),
        Row(name="three_handlers", work="the same to three async handlers, one after the other"),
    ),
    targets=(
        Target(row="one_handler", against=("plain",), limit=2.0),
        Target(row="three_handlers", against=("plain",), limit=1 / 0.6),
        Target(row="one_handler", against=("blinker",), limit=0.5),
    ),
    notes=(
        "plain is a dictionary of lists of handlers and a class with slots. A failing handler of it ends the publication; "
        "pyfly gives every listener its turn, matches patterns, and relates the events to each other. blinker "
        "sends the class of plain as its sender and gathers the results of send_async."
    ),
)
