"""One interleaved run: every area, every row, every contender, in an order that rotates each round."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from benchmarks import machine
from benchmarks.area import Area, Row, all_areas
from benchmarks.drivers import Driver, Setting, Unavailable, driver_for, missing_for
from benchmarks.environment import HOME, ROOT
from benchmarks.report import write_report
from benchmarks.results import Results

QUICK_ROUNDS: Final = 3
SLICE_SECONDS: Final = 0.03
QUICK_SLICE_SECONDS: Final = 0.004

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the command line asked for."""

    areas: tuple[Area, ...]
    quick: bool
    rounds: int | None
    output: Path

    def rounds_of(self, area: Area) -> int:
        """Return how many rounds *area* gets."""
        return self.rounds or (QUICK_ROUNDS if self.quick else area.rounds)

    def rows_of(self, area: Area) -> tuple[Row, ...]:
        """Return the rows of *area* that are measured: a quick run leaves out the heavy ones."""
        return tuple(row for row in area.rows if not (self.quick and row.heavy))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, keep the samples, write the report; 1 if a contender could not take part."""
    plan = _plan(arguments)
    results = measure(plan)
    plan.output.mkdir(parents=True, exist_ok=True)
    results.save(plan.output / "results.json")
    report = write_report(results, plan.areas, plan.output / "REPORT.md")
    if plan.quick:
        print(report)
    print(f"written: {plan.output / 'REPORT.md'}", file=sys.stderr)
    return 1 if results.unavailable or results.unmeasured else 0


def measure(plan: Plan) -> Results:
    """Take every sample of the run."""
    with tempfile.TemporaryDirectory(prefix="bench-") as generated:
        setting = Setting(
            slice_seconds=QUICK_SLICE_SECONDS if plan.quick else SLICE_SECONDS,
            generated=Path(generated),
        )
        results = _empty_results(plan, setting)
        for area in plan.areas:
            if area.prepare is not None:
                area.prepare(setting.generated)
            _measure_area(area, plan, setting, results)
    return results


def rotated(items: Sequence[_T], by: int) -> Iterator[_T]:
    """Yield every item once, starting *by* places further on."""
    start = by % len(items) if items else 0
    yield from items[start:]
    yield from items[:start]


def _measure_area(area: Area, plan: Plan, setting: Setting, results: Results) -> None:
    if missing := missing_for(area):
        print(f"*** {area.title.upper()} IS NOT MEASURED: {missing} ***", file=sys.stderr)
        results.unmeasured[area.name] = missing
        return
    drivers = [driver_for(area, contender, setting) for contender in area.contenders()]
    rounds = plan.rounds_of(area)
    try:
        print(f"{area.title}: {', '.join(driver.contender.name for driver in drivers)}", file=sys.stderr)
        for row in plan.rows_of(area):
            for driver in drivers:
                _take(driver, row, results, keep=False)
        for number in range(rounds):
            print(".", end="", file=sys.stderr, flush=True)
            for row in rotated(plan.rows_of(area), number):
                for driver in rotated(drivers, number):
                    _take(driver, row, results, keep=True)
        print(file=sys.stderr)
    finally:
        for driver in drivers:
            driver.close()


def _take(driver: Driver, row: Row, results: Results, *, keep: bool) -> None:
    area, contender = driver.area.name, driver.contender
    given_up = row.name in results.unavailable.get(area, {}).get(contender.name, {})
    if row.name not in contender.offers or given_up:
        return
    try:
        sample = driver.sample(row.name)
    except Unavailable as reason:
        print(f"  {contender.name} cannot do {row.name}: {reason}", file=sys.stderr)
        results.give_up(area, contender.name, row.name, str(reason))
        return
    if keep:
        results.add(area, row.name, contender.name, sample)


def _empty_results(plan: Plan, setting: Setting) -> Results:
    distributions = {
        name for area in plan.areas for found in area.contenders() for name in found.distributions
    }
    return Results(
        machine=machine.description(pinned=setting.cores.pinned),
        versions=machine.versions(distributions),
        settings={"quick": plan.quick, "slice_ms": setting.slice_seconds * 1000}
        | {f"rounds_{area.name}": plan.rounds_of(area) for area in plan.areas},
    )


def _plan(arguments: Sequence[str] | None) -> Plan:
    areas = all_areas()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a smoke run: few rounds, tiny slices, no heavy rows"
    )
    parser.add_argument("--areas", nargs="+", choices=[area.name for area in areas], help="only these areas")
    parser.add_argument("--rounds", type=int, help="rounds for every area, instead of each area's own number")
    parser.add_argument("--output", type=Path, help="where results.json and REPORT.md go")
    chosen = parser.parse_args(arguments)
    whole = not (chosen.quick or chosen.areas or chosen.rounds)
    return Plan(
        areas=tuple(area for area in areas if not chosen.areas or area.name in chosen.areas),
        quick=chosen.quick,
        rounds=chosen.rounds,
        output=chosen.output or (ROOT / "benchmarks" if whole else HOME / "partial"),
    )


if __name__ == "__main__":
    sys.exit(main())
