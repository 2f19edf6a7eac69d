"""Records: what decorators say is kept once, on the target itself."""

import pytest

from pyfly.container.metadata import copy_records, published, record, record_of, recorded_members
from pyfly.kernel.record import Record


class Note(Record, kw_only=True):
    text: str = published("__pyfly_note__", default="")
    level: int = published("__pyfly_level__", default=0, always=True, convert=str)
    hidden: bool = False


def note(**changes: object) -> Note | None:
    class Target: ...

    record(Target, Note, **changes)
    return record_of(Target, Note)


def test_stacked_decorators_amend_one_record() -> None:
    class Target: ...

    record(Target, Note, text="a")
    record(Target, Note, level=2)
    assert record_of(Target, Note) == Note(text="a", level=2)


def test_a_subclass_has_no_record_of_its_own() -> None:
    class Base: ...

    class Child(Base): ...

    record(Base, Note, text="base")
    assert record_of(Child, Note) is None


def test_amending_the_record_of_a_subclass_leaves_the_base_alone() -> None:
    class Base: ...

    class Child(Base): ...

    record(Base, Note, text="base")
    record(Child, Note, level=1)
    assert record_of(Base, Note) == Note(text="base")
    assert record_of(Child, Note) == Note(level=1)


def test_fields_are_published_when_they_differ_from_their_default() -> None:
    class Target: ...

    record(Target, Note, text="shown", hidden=True)
    shown = {
        name: value
        for name, value in vars(Target).items()
        if name.startswith("__pyfly_") and name[8:9] != "_"
    }
    assert shown == {"__pyfly_note__": "shown", "__pyfly_level__": "0"}


def test_something_without_attributes_has_no_record() -> None:
    assert record_of(5, Note) is None


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        note(colour="red")


def test_a_stand_in_gets_the_records_of_its_source() -> None:
    class Source: ...

    class StandIn(Source): ...

    record(Source, Note, text="a")
    copy_records(Source, StandIn)
    assert record_of(StandIn, Note) == Note(text="a")


def noted(function: object) -> object:
    record(function, Note)
    return function


class Base:
    @noted
    def second(self) -> None: ...

    @noted
    def overridden(self) -> None: ...


class Child(Base):
    @noted
    def third(self) -> None: ...

    def overridden(self) -> None: ...

    @staticmethod
    @noted
    def inside() -> None: ...

    @noted
    @staticmethod
    def outside() -> None: ...

    @classmethod
    @noted
    def of_the_class(cls) -> None: ...

    @property
    def explosive(self) -> int:
        raise AssertionError("a property must not be evaluated")


def test_decorated_members_are_found_bases_first_however_they_are_wrapped() -> None:
    assert [name for name, _ in recorded_members(Child, Note)] == [
        "second", "third", "inside", "outside", "of_the_class",
    ]  # fmt: skip


def test_an_override_without_the_decorator_hides_the_decorated_member() -> None:
    assert "overridden" in dict(recorded_members(Base, Note))
    assert "overridden" not in dict(recorded_members(Child, Note))


def test_an_attribute_that_raises_when_it_is_read_is_never_read() -> None:
    class Trap:
        def __get__(self, instance: object, owner: type) -> object:
            raise AssertionError("read")

    class Holder:
        trap = Trap()

        @noted
        def method(self) -> None: ...

    assert [name for name, _ in recorded_members(Holder, Note)] == ["method"]
