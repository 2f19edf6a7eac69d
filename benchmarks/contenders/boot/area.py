"""Boot: milliseconds and peak memory until n generated beans are scanned, wired and made."""

from benchmarks.area import Area, Kind, Row, Target
from benchmarks.contenders.boot.model import write_packages

_SIZES = (10, 100, 1000)
_AGAINST_PLAIN = {10: 2.5, 100: 3.0, 1000: 2.0}
_AGAINST_DISHKA = {10: 0.5, 100: 0.5, 1000: 0.33}

AREA = Area(
    name="boot",
    title="Boot",
    kind=Kind.COLD,
    unit="ms",
    baseline="plain",
    rounds=11,
    rows=tuple(
        Row(
            name=f"boot_{size}",
            work=f"import {size} beans (10 a module, bean i needs i//2 and i//3), build a ready context, make all",
            heavy=size == max(_SIZES),
        )
        for size in _SIZES
    ),
    targets=(
        *(
            Target(row=f"boot_{size}", against=("plain",), limit=limit)
            for size, limit in _AGAINST_PLAIN.items()
        ),
        *(
            Target(row=f"boot_{size}", against=("dishka",), limit=limit)
            for size, limit in _AGAINST_DISHKA.items()
        ),
        Target(row="boot_1000", against=("plain",), metric="memory", difference=True, limit=12.0),
    ),
    notes=(
        "plain and dishka import the same undecorated classes; plain then runs a generated hand-written wiring. "
        "Everybody boots inside asyncio.run, as a service does. The context has no web, no data and no typed configuration bound."
    ),
    prepare=lambda directory: write_packages(directory, _SIZES),
)
