"""The raw samples of a run, kept as JSON beside the report."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.drivers import Sample

Columns = dict[str, list[float]]
"""Metric to one value per round."""


@dataclass(slots=True)
class Results:
    """Everything that a run measured."""

    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    settings: dict[str, float | int | bool] = field(default_factory=dict)
    samples: dict[str, dict[str, dict[str, Columns]]] = field(default_factory=dict)
    """Area, row, contender, metric to the values of the rounds."""
    unavailable: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """Area, contender, row to the reason."""
    unmeasured: dict[str, str] = field(default_factory=dict)
    """Areas that this machine cannot measure, to the reason."""

    def add(self, area: str, row: str, contender: str, sample: Sample) -> None:
        """Append the sample of one round."""
        columns = self.samples.setdefault(area, {}).setdefault(row, {}).setdefault(contender, {})
        for metric, value in sample.items():
            columns.setdefault(metric, []).append(round(value, 3))

    def give_up(self, area: str, contender: str, row: str, reason: str) -> None:
        """Record that a contender cannot do a row; samples it gave are dropped, half a column misleads."""
        self.unavailable.setdefault(area, {}).setdefault(contender, {})[row] = reason
        self.samples.get(area, {}).get(row, {}).pop(contender, None)

    def column(self, area: str, row: str, contender: str, metric: str) -> list[float]:
        """Return one value per round, or nothing if it was not measured."""
        return self.samples.get(area, {}).get(row, {}).get(contender, {}).get(metric, [])

    def save(self, file: Path) -> None:
        """Write everything, one column a line."""
        file.write_text(_lined(asdict(self)) + "\n", "utf-8")

    @classmethod
    def load(cls, file: Path) -> "Results":
        """Read what :meth:`save` wrote."""
        return cls(**json.loads(file.read_text("utf-8")))


def _lined(value: object, indent: str = "") -> str:
    if not isinstance(value, dict) or not value:
        return json.dumps(value)
    inner = indent + " "
    members = (f"{inner}{json.dumps(key)}: {_lined(member, inner)}" for key, member in value.items())
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"
