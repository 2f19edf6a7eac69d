"""Conditions: decorators that let a bean exist only where something holds, and the objects behind them.

A condition is an object that explains itself; its outcome is kept for failure reports, ``--debug``
and the conditions endpoint.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol, TypeVar, overload

from pyfly.container.checks import GraphCheck
from pyfly.container.metadata import published, record, record_of
from pyfly.container.records import BeanRecord
from pyfly.container.types import Scope
from pyfly.kernel.record import Record

D = TypeVar("D")
C = TypeVar("C", bound=type)


class Pass(Enum):
    """When a condition can be decided."""

    EARLY = 1
    BEANS = 2


class Outcome(NamedTuple):
    """Whether a condition holds, the reason in words, and the sentence that says how to make it hold."""

    matched: bool
    reason: str
    remedy: str = ""


class Facts(Protocol):
    """What conditions may ask."""

    def property(self, key: str) -> Any:
        """Return the configuration value of *key*, or ``None``."""

    def beans(self, wanted: Any) -> Sequence[str]:
        """Return the names of other beans that are assignable to *wanted*."""

    def primary_bean(self, wanted: Any) -> bool:
        """Say whether exactly one other bean would be injected for *wanted*."""

    def stereotypes(self) -> frozenset[str]:
        """Return the stereotypes that other beans have."""

    def profiles(self) -> Sequence[str]:
        """Return the active profiles, members of groups included."""


class Condition(Protocol):
    """Decides whether a bean definition is kept."""

    runs_in: Pass

    def check(self, facts: Facts) -> Outcome:
        """Decide, with the reason."""

    def published(self) -> dict[str, Any]:
        """Return the condition as other programs see it."""


class OnProperty:
    """Holds when a property is set, or has a certain value."""

    runs_in = Pass.EARLY

    def __init__(self, key: str, having_value: str = "", *, match_if_missing: bool = False) -> None:
        """Require *key*, to equal *having_value* if one is given."""
        self.key = key
        self.having_value = having_value
        self.match_if_missing = match_if_missing

    def check(self, facts: Facts) -> Outcome:
        """Compare booleans as booleans, everything else as text."""
        value = facts.property(self.key)
        remedy = f"Set {self.key}: {self.having_value or 'true'}."
        if value is None:
            return Outcome(
                self.match_if_missing, f"{self.key} is not set", "" if self.match_if_missing else remedy
            )
        if self.having_value and not _equal(value, self.having_value):
            return Outcome(False, f"{self.key} is {_shown(value)}, not {self.having_value}", remedy)
        return Outcome(True, f"{self.key} is {_shown(value)}")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_property", "key": self.key, "having_value": self.having_value}


class OnClass:
    """Holds when a module can be imported. It is looked for, never imported."""

    runs_in = Pass.EARLY

    def __init__(self, module_name: str) -> None:
        """Require *module_name*."""
        self.module_name = module_name

    def present(self) -> bool:
        """Say whether the module can be found."""
        return is_importable(self.module_name)

    def check(self, facts: Facts) -> Outcome:
        """Look for the module."""
        name = self.module_name
        if self.present():
            return Outcome(True, f"module {name} is installed")
        return Outcome(
            False, f"module {name} is not installed", f"Install the library that brings module {name}."
        )

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_class", "module_name": self.module_name, "check": self.present}


class OnBean:
    """Holds when another bean of a type exists."""

    runs_in = Pass.BEANS

    def __init__(self, bean_type: Any) -> None:
        """Require a bean assignable to *bean_type*: a class, or ``"package.Class"`` to import nothing."""
        self.bean_type = bean_type

    def check(self, facts: Facts) -> Outcome:
        """Look among the definitions registered so far."""
        names, wanted = self.candidates(facts), _name(self.bean_type)
        if names:
            return Outcome(True, f"{wanted} is provided by {', '.join(names)}")
        return Outcome(False, f"there is no bean of type {wanted}", f"Register a bean of type {wanted}.")

    def candidates(self, facts: Facts) -> Sequence[str]:
        """Return the names of the beans that fit."""
        wanted = _loaded(self.bean_type)
        return facts.beans(wanted) if wanted is not None else ()

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_bean", "bean_type": self.bean_type}


class OnMissingBean(OnBean):
    """Holds when no other bean of a type exists."""

    def check(self, facts: Facts) -> Outcome:
        """Look among the definitions registered so far."""
        names, wanted = self.candidates(facts), _name(self.bean_type)
        if names:
            listed = ", ".join(names)
            return Outcome(False, f"{wanted} is provided by {listed}", f"Take {listed} away.")
        return Outcome(True, f"there is no bean of type {wanted}")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_missing_bean", "bean_type": self.bean_type}


class OnSingleCandidate(OnBean):
    """Holds when exactly one other bean would be injected for a type."""

    def check(self, facts: Facts) -> Outcome:
        """Look among the definitions registered so far."""
        name, listed = _name(self.bean_type), ", ".join(self.candidates(facts))
        reason = f"candidates for {name}: {listed or 'none'}"
        wanted = _loaded(self.bean_type)
        if wanted is not None and facts.primary_bean(wanted):
            return Outcome(True, reason)
        remedy = f"Mark one of {listed} with @primary." if listed else f"Register a bean of type {name}."
        return Outcome(False, reason, remedy)

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_single_candidate", "bean_type": self.bean_type}


class OnStereotype:
    """Holds when another bean has one of some stereotypes."""

    runs_in = Pass.BEANS

    def __init__(self, *stereotypes: str) -> None:
        """Require a bean with one of *stereotypes*."""
        self.names = stereotypes

    def check(self, facts: Facts) -> Outcome:
        """Look among the definitions registered so far."""
        found = sorted(facts.stereotypes() & set(self.names))
        if found:
            return Outcome(True, f"there is a {found[0]}")
        listed = " or ".join(self.names)
        return Outcome(False, f"there is no {listed}", f"Register a bean marked as {listed}.")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_stereotype", "stereotypes": list(self.names)}


class ConditionsRecord(Record, kw_only=True):
    """The conditions put on a class or a ``@bean`` method."""

    conditions: tuple[Condition, ...] = published(
        "__pyfly_conditions__", default=(), convert=lambda all_: [each.published() for each in all_]
    )


Contribution = Callable[[Any, Any], Iterable[Any]]
"""Takes the configuration and the container, and returns definitions: of a bean for each named section, say."""


class AutoConfigurationRecord(Record, kw_only=True):
    """What ``@auto_configuration`` says about a class."""

    is_auto: bool = published("__pyfly_auto_configuration__", default=False)
    before: tuple[str | type, ...] = ()
    after: tuple[str | type, ...] = ()
    checks: tuple[type[GraphCheck], ...] = ()
    contributes: tuple[Contribution, ...] = ()


class AdapterRecord(Record, kw_only=True):
    """Which subsystem a bean serves, and by which technology."""

    subsystem: str = ""
    provider: str = ""


def conditional_on_property(
    key: str,
    having_value: str = "",
    match_if_missing: bool = False,  # noqa: FBT001, FBT002  # the documented signature
) -> Callable[[D], D]:
    """Keep the bean only when *key* is set, to whatever value, or equals *having_value* if one is given.

    Args:
        key: The configuration key, in any spelling.
        having_value: The required value; booleans compare as ``true`` and ``false``.
        match_if_missing: Whether a key that is not set counts as a match.
    """
    return _conditional(OnProperty(key, having_value, match_if_missing=match_if_missing))


def conditional_on_class(module_name: str) -> Callable[[D], D]:
    """Keep the bean only when the module *module_name* is installed."""
    return _conditional(OnClass(module_name))


def conditional(condition: Condition) -> Callable[[D], D]:
    """Keep the bean only when *condition*, an object of your own, holds."""
    return _conditional(condition)


def conditional_on_bean(bean_type: Any) -> Callable[[D], D]:
    """Keep the bean only when another bean of *bean_type* exists.

    Args:
        bean_type: The class, or its name as ``"package.Class"``; a name is looked up only in packages
            that somebody has imported, since otherwise nobody can have made such a bean.
    """
    return _conditional(OnBean(bean_type))


def conditional_on_missing_bean(bean_type: Any) -> Callable[[D], D]:
    """Keep the bean only when no other bean of *bean_type* exists: a default that users override.

    *bean_type* may be a name, as for :func:`conditional_on_bean`.
    """
    return _conditional(OnMissingBean(bean_type))


def conditional_on_single_candidate(bean_type: Any) -> Callable[[D], D]:
    """Keep the bean only when exactly one other bean would be injected for *bean_type*."""
    return _conditional(OnSingleCandidate(bean_type))


def conditional_on_stereotype(*stereotypes: str) -> Callable[[D], D]:
    """Keep the bean only when another bean has one of *stereotypes*, such as ``"rest_controller"``."""
    return _conditional(OnStereotype(*stereotypes))


def adapter(subsystem: str, provider: str) -> Callable[[D], D]:
    """Name the subsystem that the beans of an auto-configuration or a ``@bean`` method serve.

    Failures of such a bean quote both names, and ``AutoConfigurationEngine.results`` lists them.
    """

    def decorate(target: D) -> D:
        record(target, AdapterRecord, subsystem=subsystem, provider=provider)
        return target

    return decorate


@overload
def auto_configuration(cls: C, /) -> C: ...


@overload
def auto_configuration(
    *,
    before: Sequence[str | type] = (),
    after: Sequence[str | type] = (),
    order: int = 1000,
    checks: Sequence[type[GraphCheck]] = (),
    contributes: Sequence[Contribution] = (),
) -> Callable[[C], C]: ...


def auto_configuration(
    cls: C | None = None,
    /,
    *,
    before: Sequence[str | type] = (),
    after: Sequence[str | type] = (),
    order: int = 1000,
    checks: Sequence[type[GraphCheck]] = (),
    contributes: Sequence[Contribution] = (),
) -> C | Callable[[C], C]:
    """Mark a configuration class whose beans are defaults, considered after all of the user's.

    Args:
        cls: The class, when used bare.
        before: Auto-configurations (classes, or ``module.Class`` names) that come after this one.
        after: Auto-configurations that come before this one.
        order: Its place among those without a relation.
        checks: Start-up checks that run when the class is kept.
        contributes: What makes further definitions when the class is kept, from the configuration.
    """

    def mark(target: C) -> C:
        known = record_of(target, BeanRecord)
        scope = known.scope if known is not None and known.scope is not None else Scope.SINGLETON
        place = known.order if known is not None and known.order is not None else order
        record(target, BeanRecord, stereotype="configuration", injectable=True, scope=scope, order=place)
        record(
            target,
            AutoConfigurationRecord,
            is_auto=True,
            before=tuple(before),
            after=tuple(after),
            checks=tuple(checks),
            contributes=tuple(contributes),
        )
        return target

    return mark if cls is None else mark(cls)


def is_importable(module_name: str) -> bool:
    """Say whether *module_name* could be imported, without importing more than its parents."""
    try:
        return find_spec(module_name) is not None
    except (ImportError, ValueError):
        return False


def _loaded(bean_type: Any) -> Any:
    """Return the class that *bean_type* names, or ``None`` while its module has not been imported."""
    if not isinstance(bean_type, str):
        return bean_type
    module_name, _, name = bean_type.rpartition(".")
    module = sys.modules.get(module_name)
    return getattr(module, name, None) if module is not None else None


def _conditional(condition: Condition) -> Callable[[D], D]:
    def decorate(target: D) -> D:
        known = record_of(target, ConditionsRecord)
        record(target, ConditionsRecord, conditions=(*(known.conditions if known else ()), condition))
        return target

    return decorate


def _equal(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        from pyfly.core.config.coercion import parse_bool  # brings units and secrets along

        try:
            return parse_bool(wanted) is value
        except ValueError:
            return False
    return str(value).casefold() == wanted.casefold()


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _name(bean_type: Any) -> str:
    return getattr(bean_type, "__qualname__", None) or str(bean_type).rpartition(".")[2]
