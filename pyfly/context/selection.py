"""Which definitions take part: profiles, conditions, and what configuration classes contribute."""

from collections.abc import Iterable
from typing import Any

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import WiringError
from pyfly.container.metadata import record_of
from pyfly.container.records import BeanRecord
from pyfly.context.condition_evaluator import ConditionEvaluator, has_conditions
from pyfly.context.conditions import AutoConfigurationRecord, Outcome, Pass
from pyfly.context.configurations import BeanMethod, bean_methods
from pyfly.context.environment import Environment
from pyfly.context.failures import undecidable
from pyfly.context.report import StartupReport
from pyfly.core.config.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.diagnosis import Diagnosis


class AutoConfigurationOrderError(WiringError, ValueError):
    """Auto-configurations come before each other, so that none can be the first."""


class Selection:
    """Moves definitions, and definitions only: nothing is instantiated or called."""

    def __init__(
        self, config: Config, environment: Environment, container: Container, report: StartupReport
    ) -> None:
        """Select among the definitions of *container*."""
        self._config = config
        self._environment = environment
        self._container = container
        self._evaluator = ConditionEvaluator(config, container, report)
        self._undecided: list[tuple[BeanDefinition, BeanMethod]] = []
        self.problems: list[WiringError] = []

    def filter_by_profile(self) -> None:
        """Leave out every definition whose profile expression does not hold."""
        for definition in self._container.definitions():
            if (failed := self._inactive(definition)) is not None:
                self._remove(definition, failed)

    def check_early_conditions(self) -> None:
        """Leave out what a condition on properties, modules or its own callable excludes."""
        for definition in self._container.definitions():
            if definition.factory is None and not definition.created:
                failed = self._why_not(
                    definition, definition.type, Pass.EARLY, name=definition.name, said=definition.record
                )
                if failed is not None:
                    self._remove(definition, failed)

    def process_user_configuration(self) -> None:
        """Contribute the beans of the user's configuration classes; conditions on beans wait."""
        for definition in self._container.definitions():
            if definition.stereotype == "configuration" and not is_auto_configuration(definition.type):
                waits = has_conditions(definition.type, Pass.BEANS)
                for method in bean_methods(definition, self.problems):
                    self._consider_user_method(definition, method, waits=waits)

    def check_bean_conditions(self) -> None:
        """Decide what depends on other beans, one candidate at a time, in registration order."""
        conditional = [
            definition
            for definition in self._container.definitions()
            if definition.factory is None
            and has_conditions(definition.type, Pass.BEANS)
            and not is_auto_configuration(definition.type)
        ]
        for definition in conditional:
            self._container.remove(definition)
        for definition in conditional:
            self._decide(definition.type, definition, definition.name)
        for owner, method in self._undecided:
            if owner in self._container.definitions():
                self._decide(method.function, method.definition, method.subject)
            else:
                remedy = next((x.remedy for x in self._container.exclusions() if x.definition is owner), "")
                reason = f"{owner.name}, which makes it, was left out"
                self._leave_out(method.definition, Outcome(False, reason, remedy))
        self._undecided = []

    def contribute_auto_configuration(self, cls: type) -> list[BeanDefinition]:
        """Consider one auto-configuration class; return the definitions it has contributed."""
        known = [each for each in self._container.definitions() if each.type is cls]
        definition = known[0] if known else self._container.register(cls)
        definition.auto = True
        failed = self._why_not_auto(definition)
        if failed is not None:
            self._remove(definition, failed)
            return []
        methods = bean_methods(definition, self.problems, auto=True)
        kept = [method.definition for method in methods if self._consider_auto_method(method)]
        said = record_of(cls, AutoConfigurationRecord)
        for contribution in said.contributes if said is not None else ():
            kept += map(self._container.add, contribution(self._config, self._container))
        return kept

    def _consider_user_method(self, owner: BeanDefinition, method: BeanMethod, *, waits: bool) -> None:
        failed = self._why_not_early(method)
        if failed is not None:
            self._leave_out(method.definition, failed)
        elif waits or has_conditions(method.function, Pass.BEANS):
            self._undecided.append((owner, method))
        else:
            self._container.add(method.definition)

    def _consider_auto_method(self, method: BeanMethod) -> bool:
        failed = self._why_not_early(method)
        if failed is not None:
            self._leave_out(method.definition, failed)
            return False
        return self._decide(method.function, method.definition, method.subject)

    def _why_not_early(self, method: BeanMethod) -> Outcome | None:
        return self._inactive(method.definition) or self._why_not(
            method.definition, method.function, Pass.EARLY, name=method.subject
        )

    def _why_not_auto(self, definition: BeanDefinition) -> Outcome | None:
        cls = definition.type
        return (
            self._inactive(definition)
            or self._why_not(definition, cls, Pass.EARLY)
            or self._why_not(definition, cls, Pass.BEANS, own=[definition])
        )

    def _decide(self, target: Any, definition: BeanDefinition, subject: str) -> bool:
        failed = self._why_not(definition, target, Pass.BEANS, own=[definition], name=subject)
        if failed is None:
            self._container.add(definition)
            return True
        self._leave_out(definition, failed)
        return False

    def _remove(self, definition: BeanDefinition, failed: Outcome) -> None:
        self._container.remove(definition, failed.reason, failed.remedy)

    def _leave_out(self, definition: BeanDefinition, failed: Outcome) -> None:
        self._container.leave_out(definition, failed.reason, failed.remedy)

    def _why_not(self, definition: BeanDefinition, target: Any, when: Pass, **options: Any) -> Outcome | None:
        try:
            return self._evaluator.why_not(target, when, **options)
        except Exception as error:  # noqa: BLE001  # a condition runs the user's code; reported with the rest
            self.problems.append(undecidable(definition, "A condition", error))
            return None

    def _inactive(self, definition: BeanDefinition) -> Outcome | None:
        expression = definition.record.profile
        try:
            if not expression or self._environment.accepts_profiles(expression):
                return None
        except ConfigurationError as error:
            self.problems.append(undecidable(definition, "The profile", error))
            return None
        active = ", ".join(self._environment.active_profiles) or "none"
        reason = f"profile '{expression}' is not active (active: {active})"
        return Outcome(False, reason, _activation(expression))


def _activation(expression: str) -> str:
    """Say how a profile expression comes to hold."""
    if expression.replace("-", "").replace("_", "").isalnum():
        return f"Activate profile '{expression}'."
    return f"Choose active profiles for which '{expression}' holds."


def is_auto_configuration(cls: type) -> bool:
    """Say whether *cls* is marked with ``@auto_configuration``."""
    found = record_of(cls, AutoConfigurationRecord)
    return found is not None and found.is_auto


def in_order(classes: Iterable[type]) -> list[type]:
    """Return auto-configuration classes by ``order``, then name, as their ``before``/``after`` demand."""
    ordered = sorted(classes, key=lambda cls: (_place(cls), qualified(cls)))
    by_name = {qualified(cls): cls for cls in ordered}
    needs: dict[type, set[type]] = {cls: set() for cls in ordered}
    for cls in ordered:
        said = record_of(cls, AutoConfigurationRecord) or AutoConfigurationRecord()
        needs[cls] |= {by_name[name] for name in map(_reference, said.after) if name in by_name}
        for name in map(_reference, said.before):
            if name in by_name:
                needs[by_name[name]].add(cls)
    done: dict[type, None] = {}
    for cls in ordered:
        _place_after(cls, needs, done, ())
    return list(done)


def _place_after(
    cls: type, needs: dict[type, set[type]], done: dict[type, None], path: tuple[type, ...]
) -> None:
    if cls in done:
        return
    if cls in path:
        ring = " -> ".join(qualified(each) for each in (*path[path.index(cls) :], cls))
        raise _come_before_each_other(path[path.index(cls) :], ring)
    for need in sorted(needs[cls], key=qualified):
        _place_after(need, needs, done, (*path, cls))
    done[cls] = None


def _come_before_each_other(classes: Iterable[type], ring: str) -> AutoConfigurationOrderError:
    return AutoConfigurationOrderError(
        Diagnosis(
            f"Auto-configurations come before each other: {ring}.",
            tuple(f"{qualified(cls)} ({origin_of(cls)}) is one of them." for cls in classes),
            ("Take one `before` or `after` away.",),
        )
    )


def qualified(cls: type) -> str:
    """Return ``module.Class``, the name by which auto-configurations are ordered and excluded."""
    return f"{cls.__module__}.{cls.__qualname__}"


def _reference(other: str | type) -> str:
    return other if isinstance(other, str) else qualified(other)


def _place(cls: type) -> int:
    said = record_of(cls, BeanRecord)
    return said.order if said is not None and said.order is not None else 0
