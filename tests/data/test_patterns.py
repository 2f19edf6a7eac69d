import re

import pytest

from pyfly.data.patterns import like_expression


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a%", "abc", True),
        ("a%", "ba", False),
        ("a_c", "abc", True),
        ("a_c", "ac", False),
        ("a\\_c", "a_c", True),
        ("a\\_c", "abc", False),
        ("100\\%", "100%", True),
        ("%.%", "a.b", True),
        ("%.%", "ab", False),
        ("a%", "a\nb", True),
        ("", "", True),
    ],
)
def test_patterns_mean_what_they_mean_in_sql(pattern: str, text: str, matches: bool) -> None:
    assert (re.fullmatch(like_expression(pattern), text, re.DOTALL) is not None) is matches
