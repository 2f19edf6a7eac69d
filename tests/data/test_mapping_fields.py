from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel

from pyfly.data.mapping_fields import item_type, source_names, target_fields


@dataclass
class Point:
    x: int
    y: int = 0

    @property
    def total(self) -> int:
        return self.x + self.y


class Model(BaseModel):
    a: int
    b: str = ""


class Plain:
    c: int
    d: int = 4


def test_required_fields_are_told_from_those_with_a_default() -> None:
    for cls, wanted in ((Point, [True, False]), (Model, [True, False]), (Plain, [True, False])):
        assert [field.is_required for field in target_fields(cls).values()] == wanted


def test_properties_are_sources() -> None:
    names = source_names(Point)
    assert names is not None
    assert {"x", "y", "total"} <= names


def test_only_classes_of_fields_are_mapped_to() -> None:
    class Row(NamedTuple):
        a: int

    assert item_type(list[Point]) == (Point, True)
    assert item_type(Point | None) == (Point, False)
    assert item_type(list[int])[0] is None
    assert item_type(Row)[0] is None
