"""Name patterns follow the published table and cost one pass over the name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.aop.globs import Glob
from tests.timing import fastest

HOSTILE = [
    ("stars between letters", "*a" * 5000 + "b", "a" * 10_000),
    ("double stars", "**." * 3300 + "b", "a." * 5000 + "c"),
    ("question marks", "?*" * 5000, "a" * 10_000),
    ("literal segments", "a." * 5000 + "**", "a." * 5000 + "x"),
    ("all of it", "**.*a*a*?a*b" + ".**" * 3000, "a." * 5000 + "x"),
]


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("service.*.*", "service.OrderService.create", True),
        ("service.*.*", "service.sub.OrderService.create", False),
        ("**.*Service.*", "a.b.c.OrderService.create", True),
        ("**.*", "module.method", True),
        ("**.do_work", "a.b.c.d.e.do_work", True),
        ("*.my_method", "a.b.MyClass.my_method", False),
        ("mymod.MyClass.get_*", "mymod.MyClass.get_order", True),
        ("mymod.MyClass.get_*", "mymod.MyClass.set_order", False),
        ("*", "a.b.c", True),
        ("order.**", "order", False),
        ("order.**", "order.a.b", True),
        ("a.**.d", "a.d", False),
        ("a.**.d", "a.b.c.d", True),
        ("a?c", "abc", True),
        ("a?c", "a.c", False),
        ("a*", "a", True),
        ("a*", "a.b", False),
        ("", "a", False),
    ],
)
def test_a_pattern_matches_a_whole_name_segment_by_segment(pattern: str, name: str, matches: bool) -> None:
    assert Glob(pattern).matches(name) is matches


@given(st.text("ab.*?", max_size=9), st.text("ab.", max_size=9))
def test_the_automaton_agrees_with_a_regular_expression(pattern: str, name: str) -> None:
    # Empty segments occur in no name.
    name = ".".join(filter(None, name.split("."))) or "a"
    pattern = ".".join(filter(None, pattern.split("."))) or "a"
    assert Glob(pattern).matches(name) is (re.fullmatch(_expression(pattern), name) is not None)


@pytest.mark.parametrize(
    ("pattern", "name"), [each[1:] for each in HOSTILE], ids=[each[0] for each in HOSTILE]
)
def test_ten_thousand_hostile_characters_are_matched_in_ten_milliseconds(pattern: str, name: str) -> None:
    glob = Glob(pattern)
    assert fastest(lambda: glob.matches(name), enough=0.01) <= 0.01


def _expression(pattern: str) -> str:
    if pattern == "*":
        return ".*"
    words = {"*": r"[^.]+", "**": r"[^.]+(\.[^.]+)*"}
    inside = {"*": "[^.]*", "?": "[^.]"}
    return r"\.".join(
        words.get(segment) or "".join(inside.get(each, re.escape(each)) for each in segment)
        for segment in pattern.split(".")
    )
