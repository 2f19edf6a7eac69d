"""Globs over event types."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.eda.patterns import compile_pattern
from tests.timing import fastest


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("*", ["order", "order.placed", "a.b.c"], []),
        ("**", ["order", "a.b.c"], []),
        ("order.placed", ["order.placed"], ["order", "order.placed.now", "Order.placed", "orderXplaced"]),
        ("order.*", ["order.placed"], ["order", "order.line.added", "orders.placed"]),
        ("*.placed", ["order.placed"], ["placed", "a.order.placed"]),
        ("order.**", ["order.placed", "order.line.added"], ["order", "orders.placed"]),
        ("**.failed", ["a.failed", "a.b.failed"], ["failed", "a.failed.b"]),
        ("a.**.b.**.c", ["a.x.b.y.c", "a.b.b.b.c", "a.b.x.b.b.c"], ["a.b.c", "a.b.x.c", "a.x.b.c"]),
        ("order.cre*d", ["order.created", "order.cred"], ["order.crexy", "order.cr.ed"]),
        ("x.ab*ba", ["x.abba", "x.ab-ba"], ["x.aba"]),
        ("x.*a*b*", ["x.ab", "x.-a-b-"], ["x.ba"]),
    ],
)  # fmt: skip
def test_a_pattern_matches_whole_types_segment_by_segment(
    pattern: str, matching: list[str], others: list[str]
) -> None:
    matches = compile_pattern(pattern)
    assert [each for each in matching if not matches(each)] == []
    assert [each for each in others if matches(each)] == []


@pytest.mark.parametrize("pattern", ["", "order.", ".order", "a..b"])
def test_an_empty_segment_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="a segment is empty"):
        compile_pattern(pattern)


@given(
    st.lists(st.sampled_from(["a", "b", "*", "**", "a*", "*b", "a*b"]), min_size=2, max_size=5),
    st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=6),
)
def test_matching_agrees_with_the_regular_expression_that_says_the_same(
    pattern: list[str], event_type: list[str]
) -> None:
    segments = {"*": "[^.]+", "**": r"[^.]+(?:\.[^.]+)*"}
    expression = r"\.".join(segments.get(each, each.replace("*", "[^.]*")) for each in pattern)
    text = ".".join(event_type)
    assert compile_pattern(".".join(pattern))(text) == bool(re.fullmatch(expression, text))


@pytest.mark.parametrize(
    ("pattern", "event_type"),
    [
        ("**.a." * 1000 + "b", "a." * 5000 + "c"),
        ("**." + ".".join(["*"] * 5000) + ".b", "a." * 5000 + "c"),
        ("*a" * 5000 + "*b", "a" * 10_000),
        ("**.a*a*a*a*b", "a" * 10_000 + ".c"),
        ("**.a*b" + ".a*b" * 2500, ".".join(["ab"] * 3333)),
        ("**.**.**.**.**.x", ".".join("a" * 5000)),
    ],
)
def test_hostile_patterns_and_types_of_ten_thousand_characters_cost_nothing(
    pattern: str, event_type: str
) -> None:
    matches = compile_pattern(pattern)
    assert fastest(lambda: matches(event_type), enough=0.01) <= 0.01
