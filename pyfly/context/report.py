"""What happened during start-up: phase timings, and what every condition decided."""

from __future__ import annotations

from time import perf_counter
from typing import NamedTuple


class ConditionResult(NamedTuple):
    """One decision about one candidate."""

    subject: str
    condition: str
    matched: bool
    reason: str


class PhaseTiming(NamedTuple):
    """How long one phase of the start took, in seconds."""

    name: str
    seconds: float


class StartupReport:
    """Kept by the context; read by failure reports, ``--debug`` and management endpoints."""

    def __init__(self) -> None:
        """Start with nothing recorded."""
        self.phases: list[PhaseTiming] = []
        self.conditions: list[ConditionResult] = []
        self._began = perf_counter()

    @property
    def seconds(self) -> float:
        """How long all recorded phases took together."""
        return sum(timing.seconds for timing in self.phases)

    def decided(self, subject: str, condition: str, reason: str, *, matched: bool) -> None:
        """Record one decision of a condition."""
        self.conditions.append(ConditionResult(subject, condition, matched, reason))

    def render_conditions(self) -> str:
        """Return the decisions as text, what matched first."""
        lines = []
        for title, wanted in (("Matched", True), ("Did not match", False)):
            chosen = [each for each in self.conditions if each.matched is wanted]
            lines += [f"{title}:", *(f"    {each.subject}: {each.reason}" for each in chosen), ""]
        return "\n".join(lines).rstrip() + "\n"

    def render_phases(self) -> str:
        """Return the timeline as text, in milliseconds."""
        return "".join(f"{timing.seconds * 1000:9.2f} ms  {timing.name}\n" for timing in self.phases)
