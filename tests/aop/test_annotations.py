"""Decorators in pointcuts: own ones, those of the framework, and what happens when there is none."""

from collections.abc import Callable
from typing import Any

import pytest

from pyfly.aop import UnknownAnnotationError, annotation
from pyfly.aop._facts import MethodFacts
from pyfly.aop.annotations import matcher
from pyfly.container import primary, service
from pyfly.context import post_construct
from pyfly.data import transactional
from pyfly.web import get_mapping

audited = annotation()
HERE = __name__


def unmarked(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


class Base:
    @audited
    def overridden(self) -> None: ...


@service
@primary
class Orders(Base):
    @audited(level="high", keep=3)
    def place(self) -> None: ...

    def overridden(self) -> None: ...

    @staticmethod
    @audited
    def inner() -> None: ...

    @audited
    @classmethod
    def outer(cls) -> None: ...

    @audited  # type: ignore[prop-decorator]
    @property
    def price(self) -> int:
        return 1

    @transactional
    async def save(self) -> None: ...

    @get_mapping("/x")
    async def show(self) -> None: ...

    @post_construct
    def ready(self) -> None: ...

    def plain(self) -> None: ...


@audited(level="low")
class Marked:
    def place(self) -> None: ...

    def _hidden(self) -> None: ...


@transactional
class Saved:
    async def save(self) -> None: ...


def carries(name: str, cls: type, method: str) -> bool:
    member = cls.__dict__[method]
    function = getattr(member, "__func__", getattr(member, "fget", member))
    return matcher(name)(MethodFacts(cls, method, function, ()))


@pytest.mark.parametrize("method", ["place", "overridden", "inner", "outer", "price"])
def test_a_mark_is_found_on_members_of_every_kind_and_kept_by_overriding_methods(method: str) -> None:
    assert carries(f"{HERE}.audited", Orders, method)


def test_a_method_without_the_mark_does_not_carry_it() -> None:
    assert not carries(f"{HERE}.audited", Orders, "plain")


def test_a_mark_on_a_class_is_one_on_its_public_methods() -> None:
    assert carries(f"{HERE}.audited", Marked, "place")
    assert not carries(f"{HERE}.audited", Marked, "_hidden")


def test_the_values_of_a_mark_can_be_read() -> None:
    values = audited.of(Orders.place)
    assert values is not None
    assert dict(values) == {"level": "high", "keep": 3}
    assert audited.of(Orders.plain) is None
    assert audited.of(Marked) == {"level": "low"}
    assert audited.of(Orders().place) == {"level": "high", "keep": 3}


@pytest.mark.parametrize(
    ("name", "cls", "method"),
    [
        ("pyfly.data.transactional", Orders, "save"),
        ("pyfly.data.transactional", Saved, "save"),
        ("pyfly.web.get_mapping", Orders, "show"),
        ("pyfly.context.post_construct", Orders, "ready"),
        ("pyfly.container.service", Orders, "plain"),
    ],
)
def test_decorators_of_the_framework_can_be_named(name: str, cls: type, method: str) -> None:
    assert carries(name, cls, method)


@pytest.mark.parametrize(
    "name", ["pyfly.data.transactional", "pyfly.web.get_mapping", "pyfly.container.repository"]
)
def test_what_does_not_carry_them_is_not_meant(name: str) -> None:
    assert not carries(name, Orders, "plain")


@pytest.mark.parametrize(
    ("name", "why", "fix"),
    [
        (f"{HERE}.audted", f"{HERE} has no 'audted'.", "Did you mean 'audited'?"),
        (
            f"{HERE}.unmarked",
            "It exists, and it leaves no mark on what it decorates.",
            "unmarked = annotation()",
        ),
        ("pyfly.container.primary", "It exists, and it leaves no mark", "primary = annotation()"),
        ("pyfly.dta.transactional", "pyfly has no 'dta'.", "Did you mean 'data'?"),
        ("nowhere.at_all", "There is no module nowhere.", "Name the decorator"),
        ("audited", "It needs its full name.", "@annotation(shop.audit.audited)"),
    ],
)
def test_a_name_that_marks_nothing_is_refused_with_a_way_out(name: str, why: str, fix: str) -> None:
    with pytest.raises(UnknownAnnotationError) as failure:
        matcher(name)
    said = failure.value.diagnosis
    assert said.what == f"@annotation({name}) names no decorator that marks methods."
    assert why in said.why[0]
    assert fix in said.fix[0]
