"""Conditions explain themselves; facts are all they need."""

import sys
from collections.abc import Sequence
from typing import Any

import pytest

from pyfly.container import Scope, order
from pyfly.context import (
    auto_configuration,
    conditional_on_bean,
    conditional_on_class,
    conditional_on_missing_bean,
    conditional_on_property,
    conditional_on_single_candidate,
    conditional_on_stereotype,
)
from pyfly.context.conditions import (
    OnBean,
    OnClass,
    OnMissingBean,
    OnProperty,
    OnSingleCandidate,
    OnStereotype,
    is_importable,
)


class Cache: ...


class Known:
    """Facts that a test sets."""

    def __init__(self, *, beans: Sequence[str] = (), primary: bool = False, **properties: Any) -> None:
        self._beans = beans
        self._primary = primary
        self._properties = properties

    def property(self, key: str) -> Any:
        return self._properties.get(key)

    def beans(self, wanted: Any) -> Sequence[str]:
        return self._beans

    def primary_bean(self, wanted: Any) -> bool:
        return self._primary

    def stereotypes(self) -> frozenset[str]:
        return frozenset({"service", "controller"})

    def profiles(self) -> Sequence[str]:
        return ()


TABLE: list[tuple[Any, Known, bool, str]] = [
    (OnProperty("key"), Known(), False, "key is not set"),
    (OnProperty("key", match_if_missing=True), Known(), True, "key is not set"),
    (OnProperty("key"), Known(key="x"), True, "key is x"),
    (OnProperty("key"), Known(key=False), True, "key is false"),
    (OnProperty("key", "a"), Known(key="b"), False, "key is b, not a"),
    (OnProperty("key", "A"), Known(key="a"), True, "key is a"),
    (OnProperty("key", "5"), Known(key=5), True, "key is 5"),
    (OnProperty("key", "true"), Known(key=True), True, "key is true"),
    (OnProperty("key", "TRUE"), Known(key="true"), True, "key is true"),
    (OnProperty("key", "yes"), Known(key=True), True, "key is true"),
    (OnProperty("key", "true"), Known(key=False), False, "key is false, not true"),
    (OnProperty("key", "redis"), Known(key=True), False, "key is true, not redis"),
    (OnClass("json"), Known(), True, "module json is installed"),
    (OnClass("no_such.module"), Known(), False, "module no_such.module is not installed"),
    (OnBean(Cache), Known(beans=["a", "b"]), True, "Cache is provided by a, b"),
    (OnBean(Cache), Known(), False, "there is no bean of type Cache"),
    (OnMissingBean(Cache), Known(), True, "there is no bean of type Cache"),
    (OnMissingBean(Cache), Known(beans=["a"]), False, "Cache is provided by a"),
    (OnSingleCandidate(Cache), Known(beans=["a"], primary=True), True, "candidates for Cache: a"),
    (OnSingleCandidate(Cache), Known(beans=["a", "b"]), False, "candidates for Cache: a, b"),
    (OnSingleCandidate(Cache), Known(), False, "candidates for Cache: none"),
    (OnStereotype("rest_controller", "controller"), Known(), True, "there is a controller"),
    (OnStereotype("aspect", "job"), Known(), False, "there is no aspect or job"),
]


@pytest.mark.parametrize(("condition", "facts", "matched", "reason"), TABLE, ids=lambda each: str(each)[:40])
def test_a_condition_decides_with_a_reason(condition: Any, facts: Known, matched: bool, reason: str) -> None:
    assert condition.check(facts)[:2] == (matched, reason)


@pytest.mark.parametrize(
    ("condition", "facts", "remedy"),
    [
        (OnProperty("key"), Known(), "Set key: true."),
        (OnProperty("key", "redis"), Known(key="memory"), "Set key: redis."),
        (OnClass("no_such.module"), Known(), "Install the library that brings module no_such.module."),
        (OnBean(Cache), Known(), "Register a bean of type Cache."),
        (OnMissingBean(Cache), Known(beans=["a", "b"]), "Take a, b away."),
        (OnSingleCandidate(Cache), Known(beans=["a", "b"]), "Mark one of a, b with @primary."),
        (OnSingleCandidate(Cache), Known(), "Register a bean of type Cache."),
        (OnStereotype("aspect", "job"), Known(), "Register a bean marked as aspect or job."),
    ],
    ids=lambda each: str(each)[:40],
)
def test_a_condition_that_does_not_hold_says_how_it_would(condition: Any, facts: Known, remedy: str) -> None:
    assert condition.check(facts).remedy == remedy


def test_a_condition_that_holds_has_no_remedy() -> None:
    assert {condition.check(facts).remedy for condition, facts, matched, _ in TABLE if matched} == {""}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("json", True),
        ("no_such_module", False),
        ("json.decoder", True),
        ("json.no", False),
        ("sys.path.x", False),
    ],
)
def test_a_module_is_looked_for(name: str, found: bool) -> None:
    assert is_importable(name) is found


def test_a_module_is_never_imported_to_find_out_whether_it_is_there() -> None:
    sys.modules.pop("this", None)
    assert is_importable("this")
    assert "this" not in sys.modules


def test_the_published_view_lists_the_conditions_inner_first() -> None:
    @conditional_on_stereotype("controller")
    @conditional_on_single_candidate(Cache)
    @conditional_on_bean(Cache)
    @conditional_on_missing_bean(Cache)
    @conditional_on_class("json")
    @conditional_on_property("a.b", having_value="x")
    class Target: ...

    shown: Any = Target
    published = [dict(each) for each in shown.__pyfly_conditions__]
    assert published[1].pop("check")() is True
    assert published == [
        {"type": "on_property", "key": "a.b", "having_value": "x"},
        {"type": "on_class", "module_name": "json"},
        {"type": "on_missing_bean", "bean_type": Cache},
        {"type": "on_bean", "bean_type": Cache},
        {"type": "on_single_candidate", "bean_type": Cache},
        {"type": "on_stereotype", "stereotypes": ["controller"]},
    ]


def test_conditions_of_a_subclass_are_its_own() -> None:
    @conditional_on_property("base")
    class Base: ...

    @conditional_on_property("child")
    class Child(Base): ...

    base: Any = Base
    child: Any = Child
    assert [each["key"] for each in base.__pyfly_conditions__] == ["base"]
    assert [each["key"] for each in child.__pyfly_conditions__] == ["child"]


def test_the_published_view_of_an_auto_configuration() -> None:
    @auto_configuration
    class Defaults: ...

    shown: Any = Defaults
    assert shown.__pyfly_auto_configuration__ is True
    assert shown.__pyfly_injectable__ is True
    assert shown.__pyfly_stereotype__ == "configuration"
    assert shown.__pyfly_scope__ is Scope.SINGLETON
    assert shown.__pyfly_order__ == 1000


@pytest.mark.parametrize("above", [True, False], ids=["above", "below"])
def test_an_auto_configuration_keeps_an_order_that_was_given(above: bool) -> None:
    class Defaults: ...

    shown: Any = order(5)(auto_configuration(Defaults)) if above else auto_configuration(order(5)(Defaults))
    assert shown.__pyfly_order__ == 5
