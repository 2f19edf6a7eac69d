"""What every driver promises the harness."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.area import Area, Contender
from benchmarks.environment import ROOT
from benchmarks.machine import Cores

Sample = dict[str, float]
"""Metric to value: ``time`` in the area's unit, ``memory`` in MiB, and what else the driver knows."""


class Unavailable(Exception):
    """A contender cannot do a row here: a library is missing, it failed, or its answer is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is the same for every sample of a run."""

    slice_seconds: float
    generated: Path
    """Where areas put generated sources; measured processes can import from it."""
    cores: Cores = field(default_factory=Cores)

    def environment(self) -> dict[str, str]:
        """Return the environment variables of a measured process."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYFLY_"))}
        return kept | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(self.generated)))}


class Driver(ABC):
    """Takes samples of one contender."""

    def __init__(self, area: Area, contender: Contender, setting: Setting) -> None:
        self.area = area
        self.contender = contender
        self.setting = setting

    @staticmethod
    def missing() -> str:
        """Return what this machine lacks, or an empty text."""
        return ""

    @abstractmethod
    def sample(self, row: str) -> Sample:
        """Measure *row* once, the answer having been checked.

        Raises:
            Unavailable: The contender cannot do this row.
        """

    def close(self) -> None:  # noqa: B027  (most drivers keep nothing open)
        """End whatever process is still alive."""


def last_line(text: str) -> str:
    """Return the last line of an error output, which names the exception."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no output"
