from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest

from pyfly.core.config import coerce, parse_bool


class Level(Enum):
    LOW = 1
    VERY_HIGH = 2


@pytest.mark.parametrize("value", [True, "true", "TRUE", "yes", "On", "1", 1, " y "])
def test_what_means_yes_is_true(value: object) -> None:
    assert parse_bool(value) is True


@pytest.mark.parametrize("value", [False, "false", "no", "OFF", "0", 0])
def test_what_means_no_is_false(value: object) -> None:
    assert parse_bool(value) is False


@pytest.mark.parametrize("value", ["", "maybe", 2, None])
def test_what_means_neither_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="true or false"):
        parse_bool(value)


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        (True, str, "true"),
        (5, str, "5"),
        (" 5 ", int, 5),
        (5.0, int, 5),
        ("1e3", float, 1000.0),
        ("very-high", Level, Level.VERY_HIGH),
        (1, Level, Level.LOW),
        ("a/b", Path, Path("a/b")),
        ("FAST", Literal["fast", "safe"], "fast"),
        ("on", bool | Literal["auto"], True),
        ("auto", bool | Literal["auto"], "auto"),
        ("5", int | str, "5"),
        (5, int | str, 5),
        ("x", int | str, "x"),
        ("5", Annotated[int, "note"], 5),
        ({"a": 1}, Any, {"a": 1}),
        (["1", 2], list[int], [1, 2]),
        ("12345678-1234-5678-1234-567812345678", UUID, UUID("12345678-1234-5678-1234-567812345678")),
    ],
)
def test_values_are_converted(value: object, wanted: Any, expected: object) -> None:
    result = coerce(value, wanted)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("value", "wanted", "problem"),
    [
        ("5.5", int, "a whole number"),
        (5.5, int, "a whole number"),
        (True, int, "a whole number"),
        ("", int, "a whole number"),
        (True, float, "a number"),
        ([1], str, "text"),
        ("x", Level, "one of 1, 2"),
        ("x", Literal["a", "b"], "one of a, b"),
        ("x", bool | Literal["auto"], "true or false .* or one of auto"),
        ("x", UUID, "UUID"),
    ],
)
def test_what_cannot_be_converted_says_what_is_expected(value: object, wanted: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        coerce(value, wanted)
