"""Records behave like frozen dataclasses, at a fraction of what those cost to define."""

import copy
import dataclasses
import pickle
from typing import Annotated, Any, ClassVar, get_type_hints

import pytest
from pydantic import TypeAdapter

from pyfly.kernel.record import Record, attribute, attributes_of, copy_with


class Point(Record):
    """A point."""

    kinds: ClassVar[int] = 2
    x: int
    y: int = 0


class Named(Point, kw_only=True):
    """A point with a name of its own."""

    name: str = ""
    marks: list[str] = attribute(default_factory=list, metadata={"doc": "what hangs on it"})


class Checked(Record):
    """Refuses what is negative."""

    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("negative")


def test_values_come_by_position_and_by_name() -> None:
    assert (Point(1, 2).x, Point(1, y=2).y, Point(x=1).y) == (1, 2, 0)


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(TypeError, match="'x'"):
        Point()  # type: ignore[call-arg]


def test_keyword_only_records_refuse_positions() -> None:
    with pytest.raises(TypeError):
        Named(*(1,))


def test_a_record_never_changes() -> None:
    point: Any = Point(1)
    with pytest.raises(AttributeError, match="Point is a frozen record"):
        point.x = 2
    with pytest.raises(AttributeError, match="'x'"):
        del point.x
    with pytest.raises(AttributeError):
        point.other = 1
    assert point.x == 1


def test_equal_values_of_one_class_are_equal_and_hash_alike() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != (1, 2)
    assert len({Point(1, 2), Point(1, 2), Point(2, 1)}) == 2


def test_a_subclass_adds_fields_and_is_another_class() -> None:
    assert [item.name for item in attributes_of(Named)] == ["x", "y", "name", "marks"]
    assert Named(x=1).kinds == 2
    assert Named(x=1) != Point(1)


def test_factories_make_a_default_for_each_record() -> None:
    first, second = Named(x=1), Named(x=1)
    first.marks.append("seen")
    assert second.marks == []


def test_the_check_after_construction_is_called() -> None:
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)


def test_a_copy_with_changes_keeps_the_rest() -> None:
    assert copy_with(Named(x=1, name="a"), y=5) == Named(x=1, y=5, name="a")
    with pytest.raises(TypeError, match="'z'"):
        copy_with(Point(1), z=1)


def test_repr_is_how_one_would_write_it() -> None:
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"


def test_copies_and_pickles_are_equal() -> None:
    named = Named(x=1, marks=["a"])
    assert copy.copy(named) == named == copy.deepcopy(named)
    assert pickle.loads(pickle.dumps(named)) == named  # our own bytes


def test_the_standard_library_sees_a_dataclass() -> None:
    kind: Any = Named
    assert [dataclasses.is_dataclass(each) for each in (kind, kind(x=1))] == [True, True]
    assert [item.name for item in dataclasses.fields(Named)] == ["x", "y", "name", "marks"]
    assert dataclasses.fields(Named)[3].metadata["doc"] == "what hangs on it"
    assert dataclasses.asdict(Named(x=1)) == {"x": 1, "y": 0, "name": "", "marks": []}
    assert dataclasses.replace(Named(x=1), y=2) == Named(x=1, y=2)


def test_pydantic_reads_and_writes_records() -> None:
    adapter = TypeAdapter(Named)
    assert adapter.validate_python({"x": "1", "name": "a"}) == Named(x=1, name="a")
    assert adapter.dump_json(Named(x=1)) == b'{"x":1,"y":0,"name":"","marks":[]}'


def test_patterns_match_by_position() -> None:
    match Point(1, 2):
        case Point(x, 2):
            assert x == 1
        case _:
            pytest.fail("no match")


def test_annotations_keep_what_was_written() -> None:
    class Limit(Record):
        size: Annotated[int, "positive"] = 1

    assert get_type_hints(Limit, include_extras=True)["size"] == Annotated[int, "positive"]
