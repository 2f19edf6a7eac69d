"""Which classes query methods may answer with."""

from dataclasses import dataclass
from typing import NamedTuple, TypedDict

import pytest
from pydantic import BaseModel

from pyfly.data.derivation.projections import projection_of
from pyfly.kernel.record import Record


@dataclass
class AsDataclass:
    a: int
    b: str


@dataclass(kw_only=True)
class AsNamedOnly:
    a: int
    b: str


class AsTuple(NamedTuple):
    a: int
    b: str


class AsRecord(Record):
    a: int
    b: str


class AsModel(BaseModel):
    a: int
    b: str


class AsDictionary(TypedDict):
    a: int
    b: str


@pytest.mark.parametrize("cls", [AsDataclass, AsNamedOnly, AsTuple, AsRecord, AsModel, AsDictionary])
def test_a_class_of_fields_is_made_of_a_row(cls: type) -> None:
    projection = projection_of(cls)
    assert projection is not None
    assert projection.names == ("a", "b")
    assert projection.make(1, "x") == cls(a=1, b="x")


@pytest.mark.parametrize("cls", [int, str, object])
def test_other_classes_are_not_made_of_rows(cls: type) -> None:
    assert projection_of(cls) is None
