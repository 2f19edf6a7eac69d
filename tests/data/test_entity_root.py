from typing import Any

import pytest

from pyfly.data.entity_root import said
from pyfly.data.specification import Condition, Specification


@pytest.mark.parametrize(
    ("predicate", "field", "operator", "values"),
    [
        (lambda item: item.price > 5, "price", "gt", (5,)),
        (lambda item: item.price <= 5, "price", "lte", (5,)),
        (lambda item: item.note == None, "note", "is_null", ()),  # noqa: E711
        (lambda item: item.note.is_not(None), "note", "is_not_null", ()),
        (lambda item: item.address.city.like("B%"), "address.city", "like", ("B%",)),
        (lambda item: item.price.in_((1, 2)), "price", "in", ([1, 2],)),
        (lambda item, _query: item.name.contains("x"), "name", "containing", ("x",)),
    ],
)
def test_comparing_properties_gives_conditions(
    predicate: Any, field: str, operator: str, values: tuple[object, ...]
) -> None:
    found = said(Specification(predicate))
    assert isinstance(found, Condition)
    assert (found.field, found.operator, found.values) == (field, operator, values)


def test_a_function_may_say_nothing() -> None:
    assert said(Specification(lambda item: None)) is None


def test_what_is_no_condition_is_refused() -> None:
    with pytest.raises(TypeError, match="compares properties"):
        said(Specification(lambda item: True))
