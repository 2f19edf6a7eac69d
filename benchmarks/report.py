"""The report: each row's figures, each target beside the measured value, and the verdict in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.area import SUBJECT, Area, Kind, Row, Target
from benchmarks.results import Results

_METHOD = """\
One interleaved run: one process per contender (cold and server rows: a fresh process per sample), in an order
that rotates each round. Every contender was checked for the right answer before it was timed. A figure is the median
over the rounds; a ratio is the median of the ratios within each round, which is what counts: absolute figures
swing with the machine. In brackets: the middle half of the rounds. `narrowly` means that the limit lies inside it.
Cold rows count from the spawning of the interpreter, its own start included; `inside` leaves that out.
Memory is the peak of the process when its work was done, for servers the resident size at the first answer."""

_BESIDE: dict[Kind, dict[str, str]] = {
    Kind.WARM: {},
    Kind.ASGI: {},
    Kind.COLD: {"inside": " (inside {:,.0f})", "memory": ", {:.1f} MiB"},
    Kind.SERVER: {"memory": ", {:.1f} MiB"},
    Kind.LOAD: {"cpu": ", CPU {:.0f} us", "p99": ", p99 {:.1f} ms"},
}
"""What else a cell shows, by kind of area."""
_UNITS: dict[str, str] = {"memory": "MiB", "cpu": "us", "p99": "ms", "rate": "req/s"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target and what was measured for it: one value per round."""

    area: Area
    target: Target
    values: tuple[float, ...]

    @property
    def words(self) -> str:
        """Say in plain words whether the target is met."""
        if not self.values:
            return "not measured"
        middle = median(self.values)
        met = self.target.met_by(middle)
        low, high = middle_half(self.values)
        narrowly = " narrowly" if low <= self.target.limit <= high else ""
        if met:
            return f"met{narrowly}"
        return f"**missed{narrowly}**, {_distance(self.target, middle)}"


def write_report(results: Results, areas: Sequence[Area], file: Path) -> str:
    """Write the report to *file* and return it."""
    verdicts = [verdict_on(results, area, target) for area in areas for target in area.targets]
    verdicts = [found for found in verdicts if found.target.row in results.samples.get(found.area.name, {})]
    lines = [
        *_head(results, verdicts),
        *(line for area in areas for line in _area_section(results, area, verdicts)),
        *_tail(results),
    ]
    text = "\n".join(lines) + "\n"
    file.write_text(text, "utf-8")
    return text


def verdict_on(results: Results, area: Area, target: Target) -> Verdict:
    """Compare the subject with the best of the target's peers, round by round."""
    own = results.column(area.name, target.row, SUBJECT, target.metric)
    row = target.base or target.row
    peers = [results.column(area.name, row, peer, target.metric) for peer in target.against]
    if not all(peers):
        return Verdict(area, target, ())
    return Verdict(
        area, target, tuple(target.value(mine, others) for mine, *others in zip(own, *peers, strict=False))
    )


def middle_half(values: Sequence[float]) -> tuple[float, float]:
    """Return the quartiles between which the middle half of *values* lies."""
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, high


def _head(results: Results, verdicts: Sequence[Verdict]) -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    if results.settings.get("quick"):
        yield "**A quick run: it shows that everything works, its figures mean nothing.**"
        yield ""
    yield from _METHOD.splitlines()
    yield ""
    met = sum(found.words.startswith("met") for found in verdicts)
    missed = [found for found in verdicts if "missed" in found.words]
    unknown = len(verdicts) - met - len(missed)
    yield f"**{met} of {len(verdicts)} targets met, {len(missed)} missed, {unknown} not measured.**"
    yield ""
    for name, reason in results.unmeasured.items():
        yield f"- **{name} was not measured: {reason}.**"
    for found in missed:
        yield f"- {found.area.title}, {found.target.row}: {_wording(found)}, measured {_measured(found)}."
    if missed or results.unmeasured:
        yield ""


def _area_section(results: Results, area: Area, verdicts: Sequence[Verdict]) -> Iterator[str]:
    rows = [row for row in area.rows if row.name in results.samples.get(area.name, {})]
    if not rows:
        return
    yield f"## {area.title}"
    yield ""
    yield from (f"- `{row.name}`: {row.work}." for row in rows)
    yield ""
    if area.notes:
        yield area.notes
        yield ""
    yield from _figures(results, area, rows)
    yield from _targets([found for found in verdicts if found.area is area])
    yield from _absences(results, area)


def _figures(results: Results, area: Area, rows: Sequence[Row]) -> Iterator[str]:
    rounds = results.settings.get(f"rounds_{area.name}", "?")
    unit = f"{area.unit}, MiB" if area.kind in (Kind.COLD, Kind.SERVER) else area.unit
    yield f"Medians of {rounds} rounds, {unit}; in brackets times {area.baseline}."
    yield ""
    yield f"| contender | {' | '.join(row.name for row in rows)} |"
    yield f"|---|{'---|' * len(rows)}"
    for contender in area.contenders():
        cells = [_cell(results, area, row.name, contender.name) for row in rows]
        if any(cell != "-" for cell in cells):
            yield f"| {contender.name} | {' | '.join(cells)} |"
    yield ""


def _cell(results: Results, area: Area, row: str, contender: str) -> str:
    values = results.column(area.name, row, contender, area.main)
    if not values:
        return "-"
    text = f"{median(values):,.0f}"
    for metric, wording in _BESIDE[area.kind].items():
        column = results.column(area.name, row, contender, metric)
        text += wording.format(median(column)) if column else ""
    baseline = results.column(area.name, row, area.baseline, area.main)
    if baseline:
        text += f" [{median(one / other for one, other in zip(values, baseline, strict=False)):.2f}x]"
    return text


def _targets(verdicts: Sequence[Verdict]) -> Iterator[str]:
    if not verdicts:
        return
    yield "| row | target | measured | verdict |"
    yield "|---|---|---|---|"
    for found in verdicts:
        yield f"| {found.target.row} | {_wording(found)} | {_measured(found)} | {found.words} |"
    yield ""


def _wording(verdict: Verdict) -> str:
    target = verdict.target
    sign = ">=" if target.at_least else "<="
    what = "" if target.metric == verdict.area.main else f"{target.metric} "
    unit = _UNITS.get(target.metric, verdict.area.unit)
    if not target.against:
        return f"{what}{sign} {target.limit:g} {unit}"
    peers = target.against[0] if len(target.against) == 1 else f"the better of {' and '.join(target.against)}"
    peers += f"'s {target.base}" if target.base else ""
    if target.difference:
        return f"{what}{sign} {peers} + {target.limit:g} {unit}"
    return f"{what}{sign} {target.limit:g}x {peers}"


def _measured(verdict: Verdict) -> str:
    if not verdict.values:
        return "-"
    target = verdict.target
    low, high = middle_half(verdict.values)
    middle = median(verdict.values)
    if target.difference or not target.against:
        plus = "+" if target.difference else ""
        unit = _UNITS.get(target.metric, verdict.area.unit)
        return f"{middle:{plus}.1f} {unit} ({low:{plus}.1f} to {high:{plus}.1f})"
    return f"{middle:.2f}x ({low:.2f} to {high:.2f})"


def _distance(target: Target, middle: float) -> str:
    if target.difference or not target.against:
        return f"by {abs(middle - target.limit):.1f}"
    return f"by {abs(middle / target.limit - 1):.0%}"


def _absences(results: Results, area: Area) -> Iterator[str]:
    absent = results.unavailable.get(area.name, {})
    for contender, reasons in absent.items():
        for row, reason in reasons.items():
            yield f"- {contender} did not take part in `{row}`: {reason}"
    if absent:
        yield ""


def _tail(results: Results) -> Iterator[str]:
    machine = results.machine
    yield "## Machine and versions"
    yield ""
    pinned = "processes pinned to a core each" if machine.get("pinned") == "yes" else "processes not pinned"
    yield f"{machine.get('cores')} cores, {machine.get('system')}, {machine.get('python')}; {pinned}."
    yield f"{', '.join(f'{name} {version}' for name, version in results.versions.items())}."
    yield ""
    yield "## Repeat it"
    yield ""
    yield "`make bench` installs the pinned peers into `.venv-bench`, measures and writes this file and `results.json`"
    yield "(every raw sample). `python -m benchmarks --quick` is a smoke run; `--areas di boot` measures only some areas."
