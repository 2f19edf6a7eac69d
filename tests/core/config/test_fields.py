from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from pyfly.core.config.fields import NO_DEFAULT, element_of, fields_of, is_section, mapping_of, optional_of


@dataclass
class Plain:
    pool_size: Annotated[int, "note"]
    import_: str = "x"
    many: list[int] = field(default_factory=list)
    hidden: int = field(default=1, init=False)


class Model(BaseModel):
    pool_size: int
    other: str = Field(default="x", alias="otherName", max_length=3)


def test_fields_that_the_constructor_takes_become_keys() -> None:
    found = [(f.name, f.segment, f.required, f.default) for f in fields_of(Plain)]
    assert found == [
        ("pool_size", "pool-size", True, NO_DEFAULT),
        ("import_", "import", False, "x"),
        ("many", "many", False, []),
    ]
    assert [(f.name, f.segment, f.required) for f in fields_of(Model)] == [
        ("pool_size", "pool-size", True),
        ("otherName", "other-name", False),
    ]


@pytest.mark.parametrize(
    ("wanted", "element", "pair"),
    [
        (list[int], int, None),
        (tuple[str, ...], str, None),
        (set, Any, None),
        (dict[str, int], None, (str, int)),
        (Mapping[str, int], None, (str, int)),
        (dict, None, (str, Any)),
        (tuple[int, str], None, None),
        (str, None, None),
    ],
)
def test_collections_know_what_they_hold(wanted: Any, element: Any, pair: Any) -> None:
    assert (element_of(wanted), mapping_of(wanted)) == (element, pair)


def test_optional_types_are_unwrapped() -> None:
    assert optional_of(int | None) is int
    assert optional_of(Annotated[int, "x"] | None) is int
    assert optional_of(int | str) == int | str


def test_sections_are_dataclasses_and_models() -> None:
    assert [is_section(kind) for kind in (Plain, Model, int, list[int], BaseModel)] == [
        True,
        True,
        False,
        False,
        True,
    ]
