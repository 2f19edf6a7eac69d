from datetime import date
from enum import Enum
from typing import Any

import pytest
from bson.regex import Regex
from pydantic import BaseModel

from pyfly.data.document.mongodb import BaseDocument
from pyfly.data.document.mongodb.criteria import ALWAYS, NEVER, Verdict, all_of, any_of, criterion, verdict_on
from pyfly.data.document.mongodb.model import model_of
from pyfly.data.exceptions import UnfitValueError, UnknownPropertyError
from pyfly.data.specification import FilterOperator as Op
from pyfly.data.specification import FilterUtils, Specification


class Colour(Enum):
    RED = "red"


class Size(BaseModel):
    width: int = 0
    unit: str = "cm"


class Thing(BaseDocument):
    name: str = ""
    amount: int = 0
    born: date | None = None
    colour: Colour | None = None
    tags: list[str] = []  # noqa: RUF012  # pydantic copies it
    size: Size | None = None
    sizes: list[Size] = []  # noqa: RUF012


@pytest.fixture(autouse=True)
def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beanie has not been told this document; values need no encoders of its own."""
    settings = type("Settings", (), {"bson_encoders": {}})
    monkeypatch.setattr(Thing, "get_settings", lambda: settings)


def _verdict(path: str, operator: str, *values: Any, **options: Any) -> Verdict:
    return criterion(model_of(Thing), path, operator, **options)(values)


@pytest.mark.parametrize(
    ("path", "operator", "values", "holds", "fails"),
    [
        ("name", "eq", ("x",), {"name": {"$eq": "x"}}, {"name": {"$nin": ["x", None]}}),
        ("name", "eq", (None,), {"name": None}, {"name": {"$ne": None}}),
        ("name", "not", ("x",), {"name": {"$nin": ["x", None]}}, {"name": {"$eq": "x"}}),
        ("amount", "gt", (5,), {"amount": {"$gt": 5}}, {"amount": {"$lte": 5}}),
        ("amount", "gt", (0.5,), {"amount": {"$gt": 0.5}}, {"amount": {"$lte": 0.5}}),
        ("amount", "lt", (None,), NEVER, NEVER),
        ("amount", "in", ([1, None],), {"amount": {"$in": [1]}}, {"amount": {"$nin": [1, None]}}),
        ("amount", "in", ([],), NEVER, ALWAYS),
        ("amount", "not_in", ([],), ALWAYS, NEVER),
        ("amount", "between", (1, None), NEVER, NEVER),
        ("size.width", "eq", (1,), {"size.width": {"$eq": 1}}, {"size.width": {"$nin": [1, None]}}),
        ("tags", "eq", ("x",), {"tags": {"$eq": "x"}}, {"tags": {"$nin": ["x", None]}}),
        ("colour", "eq", (Colour.RED,), {"colour": {"$eq": "red"}}, {"colour": {"$nin": ["red", None]}}),
        ("name", "is_empty", (), {"name": {"$in": ["", []]}}, {"name": {"$nin": ["", [], None]}}),
    ],
)  # fmt: skip
def test_conditions_hold_fail_or_are_neither(
    path: str, operator: str, values: tuple[Any, ...], holds: Any, fails: Any
) -> None:
    assert _verdict(path, operator, *values) == (holds, fails)


@pytest.mark.parametrize(
    ("operator", "value", "pattern"),
    [
        ("containing", "a.b%", r"a\.b%"),
        ("starting_with", "$x", r"^\$x"),
        ("ending_with", "x", r"x$(?!\n)"),
        ("like", "a_%", r"^a..*$(?!\n)"),
        ("like", r"a\_", r"^a_$(?!\n)"),
    ],
)
def test_texts_are_escaped_and_anchored(operator: str, value: str, pattern: str) -> None:
    holds, fails = _verdict("name", operator, value)
    assert holds == {"name": {"$regex": Regex(pattern, "s")}}
    assert fails == {"name": {"$not": {"$regex": Regex(pattern, "s")}, "$ne": None}}


def test_case_is_ignored_where_that_is_asked_for() -> None:
    holds, _ = _verdict("name", "eq", "a.b", ignore_case=True)
    assert holds == {"name": {"$regex": Regex(r"^a\.b$(?!\n)", "si")}}


@pytest.mark.parametrize("value", [{"$ne": None}, {"$gt": ""}, [1], 5, {}], ids=str)
@pytest.mark.parametrize("operator", ["eq", "not", "gt", "containing", "like"])
def test_values_that_are_none_of_the_property_are_refused(operator: str, value: object) -> None:
    with pytest.raises(UnfitValueError):
        _verdict("name", operator, value)


@pytest.mark.parametrize("value", ["5", b"5", [5], {"$gt": 0}], ids=str)
def test_texts_are_no_numbers(value: object) -> None:
    with pytest.raises(UnfitValueError):
        _verdict("amount", "gt", value)


@pytest.mark.parametrize("operator", ["containing", "like", "starting_with"])
def test_numbers_are_not_compared_as_text(operator: str) -> None:
    with pytest.raises(ValueError, match="is not text"):
        criterion(model_of(Thing), "amount", operator)


def test_negation_swaps_what_holds_and_what_fails() -> None:
    either = Op.eq("amount", 1) | ~Op.gt("amount", 5)
    found, swapped = verdict_on(either, model_of(Thing)), verdict_on(~either, model_of(Thing))
    assert found is not None
    assert swapped is not None
    assert found.holds == {"$or": [{"amount": {"$eq": 1}}, {"amount": {"$lte": 5}}]}
    assert (swapped.holds, swapped.fails) == (found.fails, found.holds)


@pytest.mark.parametrize(
    "specification", [FilterUtils.by(), Specification(lambda _thing: None), ~FilterUtils.by()]
)
def test_what_says_nothing_has_no_verdict(specification: Any) -> None:
    assert verdict_on(specification, model_of(Thing)) is None


@pytest.mark.parametrize("name", ["nmae", "__class__", "", "$where", "name.$ne", "revision_id"])
def test_only_properties_are_looked_at(name: str) -> None:
    with pytest.raises(UnknownPropertyError):
        verdict_on(Op.eq(name, 1), model_of(Thing))


def test_nested_properties_may_be_written_with_dots_or_without() -> None:
    model = model_of(Thing)
    assert model.require("size.width") == model.require("size_width") == "size.width"
    assert (model.key("id"), model.key("sizes.width")) == ("_id", "sizes.width")


def test_filters_are_joined_only_where_there_are_several() -> None:
    assert all_of([]) == ALWAYS
    assert all_of([{}, {"a": 1}]) == {"a": 1}
    assert any_of([{"a": 1}, {}]) == ALWAYS
    assert any_of([{"a": 1}, {"b": 2}]) == {"$or": [{"a": 1}, {"b": 2}]}
