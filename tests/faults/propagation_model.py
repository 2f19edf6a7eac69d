"""What a random program of nested transactions must leave in the database: a model written from Spring's table.

A program is a tree of units. Each writes its own row, runs its inner units, swallows or passes on their failures,
and ends by returning, raising, or asking for a rollback. The model follows the rules one by one and knows
nothing of how they are implemented.
"""

import random
from dataclasses import dataclass, field
from typing import Literal

from pyfly.data import Propagation

End = Literal["return", "raise", "raise exempted", "rollback only", "bad statement"]
ENDS: tuple[End, ...] = (
    "return",
    "return",
    "return",
    "raise",
    "raise exempted",
    "rollback only",
    "bad statement",
)


class FailedError(Exception):
    """Rolls back."""


class ExemptedError(Exception):
    """Named by ``no_rollback_for``."""


@dataclass
class Unit:
    """One unit of work."""

    name: str
    propagation: Propagation
    end: End
    swallows: bool
    inner: list["Unit"] = field(default_factory=list)
    writes_first: bool = True


def program(chance: random.Random, *, one_writer: bool) -> Unit:
    """Return a random program; with *one_writer* only such as need one connection to write at a time."""
    numbers = iter(range(1000))
    return _unit(chance, numbers, depth=1, one_writer=one_writer)


def _unit(chance: random.Random, numbers: "object", *, depth: int, one_writer: bool) -> Unit:
    name = f"u{next(numbers)}"  # type: ignore[call-overload]  # an iterator of numbers
    modes = list(Propagation)
    if one_writer and depth > 1:
        modes = [each for each in modes if each not in (Propagation.REQUIRES_NEW, Propagation.NOT_SUPPORTED)]
    unit = Unit(name, chance.choice(modes), chance.choice(ENDS), swallows=chance.random() < 0.7)
    if depth < 4:
        count = chance.choice((0, 1, 1, 2, 2))
        unit.inner = [_unit(chance, numbers, depth=depth + 1, one_writer=one_writer) for _ in range(count)]
    return unit


class Work:
    """A physical transaction, or a part of one behind a savepoint, as the model sees it."""

    def __init__(self, outer: "Work | None" = None) -> None:
        self.outer = outer
        self.rows: list[str] = []
        self.doomed = False
        self.meant = False
        self.broken = False


class Model:
    """Runs programs on paper."""

    def __init__(self, *, statements_break: bool) -> None:
        """With *statements_break*, a transaction refuses everything after a statement that has failed."""
        self.statements_break = statements_break
        self.committed: list[str] = []
        self.most_open = 0
        self._open = 0

    def run(self, unit: Unit, current: Work | None = None) -> str | None:
        """Return the kind of failure that *unit* ends with, as its caller sees it."""
        mode, has = unit.propagation, current is not None
        if (mode is Propagation.MANDATORY and not has) or (mode is Propagation.NEVER and has):
            return "illegal"
        if mode is Propagation.REQUIRES_NEW or (
            not has and mode in (Propagation.REQUIRED, Propagation.NESTED)
        ):
            return self._own(unit)
        if mode is Propagation.NESTED and current is not None:
            return self._part(unit, current)
        if has and mode in (Propagation.REQUIRED, Propagation.SUPPORTS, Propagation.MANDATORY):
            return self._joined(unit, current)
        return self._body(unit, None, owner=False)

    def _own(self, unit: Unit) -> str | None:
        work = Work()
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        failure = self._body(unit, work, owner=True)
        self._open -= 1
        if failure not in (None, "exempted"):
            return failure
        if work.doomed:
            # Spring rolls a doomed transaction back whatever is raised; what is raised is then passed on.
            return failure or (None if work.meant else "unexpected")
        self.committed += work.rows
        return failure

    def _part(self, unit: Unit, outer: Work) -> str | None:
        if outer.doomed:
            return "illegal"
        part = Work(outer)
        failure = self._body(unit, part, owner=True)
        if failure not in (None, "exempted"):
            return failure
        if part.doomed:
            return failure or (None if part.meant else "unexpected")
        outer.rows += part.rows
        return failure

    def _joined(self, unit: Unit, work: Work | None) -> str | None:
        failure = self._body(unit, work, owner=False)
        if failure not in (None, "exempted") and work is not None:
            work.doomed = True
        return failure

    def _body(self, unit: Unit, work: Work | None, *, owner: bool) -> str | None:
        failed = self._write(unit.name, work)
        if failed:
            return failed
        for inner in unit.inner:
            failure = self.run(inner, work)
            if failure is not None and not unit.swallows:
                return failure
        return self._end(unit, work, owner=owner)

    def _end(self, unit: Unit, work: Work | None, *, owner: bool) -> str | None:
        if unit.end in ("raise", "raise exempted"):
            return "failed" if unit.end == "raise" else "exempted"
        if unit.end == "bad statement":
            if work is not None:
                work.doomed = True
                work.broken = self.statements_break
            return "refused"
        if unit.end == "rollback only" and work is not None:
            work.doomed = True
            work.meant = work.meant or owner
        return None

    def _write(self, name: str, work: Work | None) -> str | None:
        if work is None:
            self.committed.append(name)
        elif work.broken:
            return "refused"
        else:
            work.rows.append(name)
        return None
