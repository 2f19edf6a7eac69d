"""The arguments of a call as data."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from pyfly.eda.payloads import argument_binder, plain


def test_arguments_are_named_with_defaults_applied_and_without_the_receiver() -> None:
    def method(
        self: object, a: int, /, b: int = 2, *rest: int, c: str, d: str = "d", **others: int
    ) -> None: ...

    bound = argument_binder(method)(object(), 1, 5, 6, 7, c="c", e=9)
    assert bound == {"a": 1, "b": 5, "rest": (6, 7), "c": "c", "d": "d", "others": {"e": 9}}
    assert argument_binder(method)(object(), 1, c="c")["b"] == 2


def test_keyword_only_parameters_without_a_star_argument_are_bound() -> None:
    def function(a: int, *, b: int) -> None: ...

    assert argument_binder(function)(1, b=2) == {"a": 1, "b": 2}


def test_a_call_that_does_not_fit_is_refused_as_the_function_would() -> None:
    def place(order: int) -> None: ...

    with pytest.raises(TypeError, match=r"place\(\) missing 1 required positional argument: 'order'"):
        argument_binder(place)()


class Color(Enum):
    RED = "red"


@dataclass
class Line:
    sku: str


@dataclass(slots=True)
class Order:
    id: int
    lines: list[Line] = field(default_factory=list)


class Customer:
    def __init__(self) -> None:
        self.name = "ann"
        self._password = "secret"
        self.friends: list[Any] = []


def test_objects_become_dictionaries_of_their_public_fields_at_every_depth() -> None:
    assert plain({"order": Order(1, [Line("a")])}) == {"order": {"id": 1, "lines": [{"sku": "a"}]}}
    assert plain(Customer()) == {"name": "ann", "friends": []}


def test_values_stay_what_they_are() -> None:
    values = {"n": 1, "d": Decimal("1.5"), "e": Color.RED, "t": str, "none": None}
    assert plain(values) == values


def test_what_is_published_does_not_change_with_the_argument() -> None:
    order = Order(1, [Line("a")])
    payload = plain({"order": order})
    order.lines.append(Line("b"))
    assert payload == {"order": {"id": 1, "lines": [{"sku": "a"}]}}


def test_an_object_that_contains_itself_comes_to_an_end() -> None:
    ann = Customer()
    ann.friends.append(ann)
    assert plain(ann) == {"name": "ann", "friends": [repr(ann)]}
