import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.versions import nearest, parsed, versions

VERSIONS = st.lists(st.integers(0, 20), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))


@pytest.mark.parametrize(
    ("text", "version"),
    [("2", (2,)), ("2.0", (2,)), ("1.10", (1, 10)), ("2026-05-01", (2026, 5, 1)), ("0", (0,))],
)
def test_a_version_is_numbers(text: str, version: tuple[int, ...]) -> None:
    assert parsed(text) == version


@pytest.mark.parametrize("text", ["", "v2", "2.", ".2", "-1", "1..2", "٣", "1" * 10, "1.1.1.1.1.1", "1 "])
def test_anything_else_is_none(text: str) -> None:
    assert parsed(text) is None


@given(st.lists(VERSIONS, min_size=1, max_size=6), VERSIONS)
def test_the_nearest_is_exact_or_the_latest_open_one_before(mapped: list[str], asked: str) -> None:
    wanted = parsed(asked)
    assert wanted is not None
    spans = [(number, versions(f"{text}+")) for number, text in enumerate(mapped)]
    before = [span[0].first for _, span in spans if span[0].first <= wanted]
    found = nearest(spans, wanted)
    assert (found is None) == (not before)
    if found is not None:
        assert spans[found][1][0].first == max(before)


def test_what_is_for_one_version_is_not_for_later_ones() -> None:
    assert nearest([(0, versions("1"))], (2,)) is None
    assert nearest([(0, versions("1")), (1, ())], (2,)) == 1
