from typing import Annotated, Any, get_args

import pytest
from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen, MultipleOf, Predicate
from pydantic import Field

from pyfly.core.config.constraints import described, violated


@pytest.mark.parametrize(
    ("value", "constraint", "demand"),
    [
        (0, Ge(1), "at least 1"),
        (1, Gt(1), "more than 1"),
        (2, Le(1), "at most 1"),
        (1, Lt(1), "less than 1"),
        (7, Interval(ge=1, le=5), "at most 5"),
        (5, MultipleOf(2), "a multiple of 2"),
        ("", MinLen(1), "at least 1 long"),
        ([1, 2], MaxLen(1), "at most 1 long"),
        ("abc", Len(0, 2), "at most 2 long"),
        ("x", Predicate(str.isdigit), "a value for which isdigit holds"),
        (9, Field(le=5), "at most 5"),
        ("ab", Field(pattern="^a$"), "a text that matches ^a$"),
    ],
)
def test_a_broken_constraint_says_what_it_demands(value: object, constraint: Any, demand: str) -> None:
    assert violated(value, (constraint,)) == demand


def test_what_satisfies_all_constraints_violates_none() -> None:
    assert violated(3, (Interval(ge=1, le=5), MultipleOf(3), "a note")) is None
    assert violated(None, (Ge(1),)) is None


def test_constraints_are_described_as_json_schema() -> None:
    assert described(get_args(Annotated[int, Interval(ge=1, lt=5)])[1:]) == {
        "minimum": 1,
        "exclusiveMaximum": 5,
    }
