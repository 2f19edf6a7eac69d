"""What is compared: areas with rows, the contenders found in their folders, and the targets set for pyfly."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Final

CONTENDERS: Final = Path(__file__).resolve().parent / "contenders"
SUBJECT: Final = "pyfly"
SHARED: Final = frozenset({"__init__", "area", "checks", "middleware", "model"})
"""Modules of a folder of contenders that are no contenders."""


class Kind(Enum):
    """How the rows of an area are measured."""

    WARM = "warm"
    """One living process per contender; a row is a function, called many times in short slices."""
    COLD = "cold"
    """A fresh process per sample; a row is a function, called once, its imports included."""
    SERVER = "server"
    """A fresh web server per sample; a row is a function that returns the ASGI application."""
    ASGI = "asgi"
    """Like WARM; a row is a function that returns the ASGI application, which is called in process."""
    LOAD = "load"
    """A living web server per contender and row, under load; a row is a function that returns the application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One piece of work that every contender of an area does."""

    name: str
    work: str
    heavy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A bar for the subject: its *metric* in *row*, compared with the best of *against*.

    Without ``against`` the metric itself is compared. ``difference`` compares by subtraction
    instead of division; ``at_least`` turns the comparison round. The others are looked up in ``base``,
    another row, if that is given; the subject may then be one of them.
    """

    row: str
    limit: float
    against: tuple[str, ...] = ()
    metric: str = "time"
    base: str = ""
    difference: bool = False
    at_least: bool = False

    def value(self, own: float, others: Sequence[float]) -> float:
        """Return what is held against the limit, for the samples of one round."""
        if not others:
            return own
        best = max(others) if self.at_least else min(others)
        return own - best if self.difference else own / best

    def met_by(self, value: float) -> bool:
        """Say whether *value* reaches the bar."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A folder of contenders that do the same rows."""

    name: str
    title: str
    kind: Kind
    unit: str
    baseline: str
    rows: tuple[Row, ...]
    targets: tuple[Target, ...]
    rounds: int
    notes: str = ""
    main: str = "time"
    """The metric that the tables show first and compare with the baseline."""
    folder: str = ""
    """Where the contenders are, if they are those of another area."""
    prepare: Callable[[Path], None] | None = None
    """Writes generated sources for the contenders into a directory that their processes can import from."""

    @property
    def package(self) -> str:
        """The package that the contenders live in."""
        return f"benchmarks.contenders.{self.folder or self.name}"

    def contenders(self) -> tuple["Contender", ...]:
        """Return every contender of the folder, the baseline first."""
        files = sorted((CONTENDERS / (self.folder or self.name)).glob("*.py"))
        found = [Contender.of(file) for file in files if file.stem not in SHARED]
        return tuple(sorted(found, key=lambda contender: contender.name != self.baseline))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A module with one function per row it takes part in, named like the row."""

    name: str
    offers: frozenset[str]
    distributions: tuple[str, ...]

    @classmethod
    def of(cls, file: Path) -> "Contender":
        """Describe a contender by reading its source, without importing it."""
        body = ast.parse(file.read_text("utf-8")).body
        functions = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        values = {
            target.id: node.value
            for node in body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        distributions = ast.literal_eval(values["DISTRIBUTIONS"]) if "DISTRIBUTIONS" in values else ()
        return cls(name=file.stem, offers=frozenset(functions | values.keys()), distributions=distributions)


def all_areas() -> tuple[Area, ...]:
    """Return the ``AREA`` of every folder under ``contenders``, by folder name."""
    folders = sorted(file.parent.name for file in CONTENDERS.glob("*/area.py"))
    areas = [import_module(f"benchmarks.contenders.{folder}.area").AREA for folder in folders]
    return tuple(area for area in areas if isinstance(area, Area))
