from dataclasses import dataclass, field
from typing import Annotated, Any, Optional

import pytest
from pydantic import BaseModel, Field

from pyfly.validation import Constraint
from pyfly.validation.constraints import walk_of


class Even(Constraint[int]):
    def is_valid(self, value: int) -> bool:
        return value % 2 == 0


class Known(Constraint[str]):
    def is_valid(self, value: str) -> bool:
        return True


class Line(BaseModel):
    amount: Annotated[int, Even] = Field(alias="count")


class Order(BaseModel):
    lines: list[Line] = []
    by_name: dict[str, Line] = {}
    note: Annotated[str, Known] | None = None
    parent: Optional["Order"] = None


@dataclass
class Cart:
    owner: Annotated[str, Known]
    sizes: tuple[Annotated[int, Even], ...] = field(default_factory=tuple)


LINE = Line(count=3)


@pytest.mark.parametrize(
    ("hint", "value", "places"),
    [
        (Annotated[int, Even], 3, [()]),
        (Annotated[int, Even] | None, None, []),
        (Annotated[int | None, Even], None, []),
        (list[Annotated[int, Even]], [1, 2], [(0,), (1,)]),
        (Line, LINE, [("count",)]),
        (Order, Order(lines=[LINE], note="x"), [("lines", 0, "count"), ("note",)]),
        (Order, Order(by_name={"a": LINE}), [("by_name", "a", "count")]),
        (Order, Order(parent=Order(parent=Order(note="x"))), [("parent", "parent", "note")]),
        (Cart, Cart("ann", (1, 2)), [("owner",), ("sizes", 0), ("sizes", 1)]),
        (Annotated[int, Even] | Annotated[str, Known], "x", [()]),
    ],
    ids=str,
)
def test_values_with_constraints_are_found_with_their_places(
    hint: Any, value: object, places: list[object]
) -> None:
    walk = walk_of(hint)
    assert walk is not None
    assert [use.location for use in walk(value, ())] == places


@pytest.mark.parametrize("hint", [int, list[int], dict[str, Any], Annotated[int, "text"], BaseModel, Any])
def test_types_without_constraints_cost_nothing(hint: Any) -> None:
    assert walk_of(hint) is None
