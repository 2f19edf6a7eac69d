"""Decides whether a class or ``@bean`` method is kept, and records why."""

from collections.abc import Sequence
from typing import Any

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.graph import preferred
from pyfly.container.metadata import record_of
from pyfly.container.records import BeanRecord
from pyfly.context.conditions import ConditionsRecord, Outcome, Pass
from pyfly.context.report import StartupReport
from pyfly.core.config.config import Config


class ConditionEvaluator:
    """Evaluates the conditions of one context, one candidate at a time."""

    def __init__(self, config: Config, container: Container, report: StartupReport | None = None) -> None:
        """Ask *config* and the definitions of *container*; note decisions in *report*."""
        self._config = config
        self._container = container
        self._report = report or StartupReport()

    def should_include(self, cls: type, *, bean_pass: bool = False) -> bool:
        """Say whether all conditions of *cls* that belong to the pass hold.

        Args:
            cls: The class that carries the conditions.
            bean_pass: Evaluate those about other beans instead of those about properties and modules.
        """
        own = [each for each in self._container.definitions() if each.type is cls]
        return self.why_not(cls, Pass.BEANS if bean_pass else Pass.EARLY, own) is None

    def why_not(
        self,
        target: Any,
        when: Pass,
        own: Sequence[BeanDefinition] = (),
        name: str = "",
        said: BeanRecord | None = None,
    ) -> Outcome | None:
        """Return the outcome for which *target* is left out, or ``None`` when it is kept.

        Args:
            target: The class or ``@bean`` method that carries the conditions.
            when: Which of them to evaluate.
            own: The definitions of the candidate itself, which never satisfy its conditions.
            name: What the report calls the candidate.
            said: What was said about the bean, where that is more than its decorators did.
        """
        subject = name or getattr(target, "__qualname__", str(target))
        said = said or record_of(target, BeanRecord)
        if when is Pass.EARLY and said is not None and (failed := self._callable(said, subject)) is not None:
            return failed
        found = record_of(target, ConditionsRecord)
        if found is None:
            return None
        facts = _Facts(self._config, self._container, own)
        for condition in found.conditions:
            if condition.runs_in is when:
                # A condition of the user's own may be a plain pair, without a remedy.
                outcome = Outcome(*condition.check(facts))
                self._report.decided(
                    subject, type(condition).__name__, outcome.reason, matched=outcome.matched
                )
                if not outcome.matched:
                    return outcome
        return None

    def _callable(self, said: BeanRecord, subject: str) -> Outcome | None:
        if said.condition is None:
            return None
        name = getattr(said.condition, "__qualname__", "its condition")
        matched = bool(said.condition())
        self._report.decided(subject, "condition", f"{name} returned {matched}", matched=matched)
        return None if matched else Outcome(matched, f"{name} returned {matched}")


def has_conditions(target: Any, when: Pass) -> bool:
    """Say whether *target* carries a condition that is decided in the pass *when*."""
    found = record_of(target, ConditionsRecord)
    return found is not None and any(condition.runs_in is when for condition in found.conditions)


class _Facts:
    """The answers of one context, seen from one candidate."""

    def __init__(self, config: Config, container: Container, own: Sequence[BeanDefinition]) -> None:
        self._config = config
        self._container = container
        self._own = own

    def property(self, key: str) -> Any:
        return self._config.get(key)

    def beans(self, wanted: Any) -> Sequence[str]:
        return [each.name for each in self._others(wanted)]

    def primary_bean(self, wanted: Any) -> bool:
        others = self._others(wanted)
        return bool(others) and preferred(others, wanted) is not None

    def stereotypes(self) -> frozenset[str]:
        return frozenset(each.stereotype for each in self._container.definitions() if each not in self._own)

    def profiles(self) -> Sequence[str]:
        return self._config.active_profiles

    def _others(self, wanted: Any) -> list[BeanDefinition]:
        return [each for each in self._container.definitions_of(wanted) if each not in self._own]
