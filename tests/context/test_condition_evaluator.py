"""Which classes are kept, and what the report says about it."""

from abc import ABC, abstractmethod
from typing import Protocol

import pytest

from pyfly.container import Container, component
from pyfly.context import (
    StartupReport,
    conditional_on_bean,
    conditional_on_class,
    conditional_on_missing_bean,
    conditional_on_property,
    conditional_on_stereotype,
)
from pyfly.context.condition_evaluator import ConditionEvaluator
from pyfly.core.config import Config


class Port(Protocol):
    """Not checkable at run time, and with a data member."""

    name: str

    def run(self) -> None: ...


class Base(ABC):
    @abstractmethod
    def run(self) -> None: ...


class Impl(Base, Port):
    name = "impl"

    def run(self) -> None: ...


class LookAlike:
    """Has the methods of the port, and does not say that it is one."""

    name = "look-alike"

    def run(self) -> None: ...


def evaluator(*classes: type, **settings: object) -> ConditionEvaluator:
    container = Container()
    for cls in classes:
        container.register(cls)
    return ConditionEvaluator(Config({"shop": settings}), container)


def test_a_plain_class_is_always_kept() -> None:
    assert evaluator().should_include(Impl)
    assert evaluator().should_include(Impl, bean_pass=True)


def test_all_conditions_of_a_pass_must_hold() -> None:
    @conditional_on_class("json")
    @conditional_on_property("shop.enabled", "true")
    class Target: ...

    assert evaluator(enabled=True).should_include(Target)
    assert not evaluator(enabled=False).should_include(Target)
    assert not evaluator().should_include(Target)


def test_each_pass_decides_only_its_own_conditions() -> None:
    @conditional_on_bean(Impl)
    @conditional_on_property("shop.enabled")
    class Target: ...

    assert evaluator(enabled=True).should_include(Target)
    assert not evaluator(enabled=True).should_include(Target, bean_pass=True)
    assert evaluator(Impl).should_include(Target, bean_pass=True)


@pytest.mark.parametrize("result", [True, False])
def test_the_condition_of_a_stereotype_is_called_in_the_first_pass_only(result: bool) -> None:
    @component(condition=lambda: result)
    class Target: ...

    assert evaluator().should_include(Target) is result
    assert evaluator().should_include(Target, bean_pass=True)


@pytest.mark.parametrize("wanted", [Port, Base, Impl], ids=lambda each: each.__name__)
def test_a_bean_counts_for_its_exact_type_and_for_what_it_inherits(wanted: type) -> None:
    @conditional_on_bean(wanted)
    class Needs: ...

    @conditional_on_missing_bean(wanted)
    class Default: ...

    there, absent = evaluator(Impl), evaluator(LookAlike)
    assert there.should_include(Needs, bean_pass=True)
    assert not there.should_include(Default, bean_pass=True)
    assert not absent.should_include(Needs, bean_pass=True)
    assert absent.should_include(Default, bean_pass=True)


def test_a_class_does_not_satisfy_its_own_condition() -> None:
    @conditional_on_missing_bean(Base)
    class Default(Base):
        def run(self) -> None: ...

    assert evaluator(Default).should_include(Default, bean_pass=True)
    assert not evaluator(Default, Impl).should_include(Default, bean_pass=True)


def test_a_stereotype_of_another_bean_satisfies_and_its_own_does_not() -> None:
    @component
    @conditional_on_stereotype("component")
    class Target: ...

    @component
    class Other: ...

    assert not evaluator(Target).should_include(Target, bean_pass=True)
    assert evaluator(Target, Other).should_include(Target, bean_pass=True)


def test_every_decision_is_reported_until_the_first_that_fails() -> None:
    @conditional_on_class("json")
    @conditional_on_property("shop.enabled")
    @conditional_on_property("shop.size")
    class Target: ...

    report = StartupReport()
    evaluator_ = ConditionEvaluator(Config({"shop": {"size": 3}}), Container(), report)
    assert not evaluator_.should_include(Target)
    name = Target.__qualname__
    assert report.conditions == [
        (name, "OnProperty", True, "shop.size is 3"),
        (name, "OnProperty", False, "shop.enabled is not set"),
    ]
