import pytest

from pyfly.core.config import ConfigurationError, accepts_profiles, profile_names


@pytest.mark.parametrize(
    ("expression", "active", "expected"),
    [
        ("dev", ["dev"], True),
        ("dev", [], False),
        ("!prod", [], True),
        ("dev,test", ["test"], True),
        ("dev | test", ["test"], True),
        ("prod & !eu", ["prod"], True),
        ("prod & !eu", ["prod", "eu"], False),
        ("a | b & c", ["a"], True),
        ("(a | b) & c", ["a"], False),
        ("!(a | b)", ["c"], True),
        ("my-profile.x", ["my-profile.x"], True),
    ],
)
def test_an_expression_is_true_for_the_profiles_it_describes(
    expression: str, active: list[str], expected: bool
) -> None:
    assert accepts_profiles(expression, active) is expected


@pytest.mark.parametrize(
    "expression", ["", "a &", "(a", "a)", "a b", "!", "&", "!" * 10_000 + "a", "(" * 10_000]
)
def test_an_expression_that_is_not_well_formed_is_refused(expression: str) -> None:
    with pytest.raises(ConfigurationError, match="not well formed"):
        accepts_profiles(expression, [])


@pytest.mark.parametrize("value", ["a, b,,a ", ["a", " b", ""], ("a", "b")])
def test_profiles_are_named_in_a_text_or_a_list(value: object) -> None:
    assert profile_names(value) == ["a", "b"]
