"""Did you mean ...?"""

import pytest

from pyfly.kernel.nearest import nearest


@pytest.mark.parametrize(
    ("word", "expected"),
    [("jsn", "json"), ("JSON", "json"), ("consloe", "Console"), ("xyz", None), ("", None)],
    ids=repr,
)
def test_the_closest_candidate_is_found_whatever_its_case(word: str, expected: str | None) -> None:
    assert nearest(word, ["json", "Console", "ecs"]) == expected


def test_without_candidates_there_is_nothing_to_suggest() -> None:
    assert nearest("json", []) is None


def test_the_answer_does_not_depend_on_the_order_of_the_candidates() -> None:
    assert nearest("port", ["sport", "ports"]) == nearest("port", ["ports", "sport"])
