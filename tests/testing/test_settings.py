from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from pyfly.testing.settings import profile_settings, settings_of


class Color(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "settings"),
    [
        ("text", ("--a=text",)),
        (True, ("--a=true",)),
        (5, ("--a=5",)),
        (timedelta(milliseconds=1500), ("--a=1.500000s",)),
        (Color.RED, ("--a=red",)),
        (Path("x/y"), ("--a=x/y",)),
        ({"b": {"c": 1}, "d": 2}, ("--a.b.c=1", "--a.d=2")),
        (["x", {"b": 1}], ("--a[0]=x", "--a[1].b=1")),
    ],
    ids=["text", "boolean", "number", "duration", "enum member", "path", "mapping", "list"],
)
def test_values_become_the_text_a_command_line_would_hold(value: Any, settings: tuple[str, ...]) -> None:
    assert settings_of({"a": value}) == settings


def test_a_value_without_a_text_is_refused() -> None:
    with pytest.raises(TypeError, match="'a' cannot be a set"):
        settings_of({"a": set()})


def test_no_profiles_leave_the_choice_to_the_configuration() -> None:
    assert profile_settings(()) == ()
    assert profile_settings(("a", "b")) == ("--pyfly.profiles.active=a,b",)
