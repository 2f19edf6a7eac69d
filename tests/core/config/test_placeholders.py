import re

import pytest

from pyfly.core.config import Config, ConfigurationError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("${a}", "1"),
        ("x${a}y${b.c}z", "x1ytextz"),
        ("${none:default}", "default"),
        ("${none:}", ""),
        ("${none:${also.none:deep}}", "deep"),
        ("${none:http://h:80/}", "http://h:80/"),
        ("${b.${name}}", "text"),
        ("${B_C}", "text"),
        ("${ a }", "1"),
        ("$${a}", "${a}"),
        ("cost: $5 {x}", "cost: $5 {x}"),
        ("${flag}", "true"),
        ("${chain}", "1!"),
    ],
)
def test_placeholders_are_replaced(text: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("B_C", "text")
    config = Config(
        {"a": 1, "b": {"c": "text"}, "name": "c", "flag": True, "chain": "${link}!", "link": "${a}"}
    )
    assert config.resolve_placeholders(text) == expected


def test_a_value_that_is_one_placeholder_takes_over_the_type() -> None:
    config = Config({"a": 1, "l": [1, 2], "s": {"x": 1}, "pa": "${a}", "pl": "${l}", "ps": "${s}"})
    assert (config.get("pa"), config.get("pl"), config.get("ps")) == (1, [1, 2], {"x": 1})


def test_the_environment_reaches_placeholders_live_and_is_taken_literally(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = Config({"host": "file", "url": "http://${host}/", "home": "${SHOP_HOME:none}"})
    monkeypatch.setenv("PYFLY_HOST", "p${x}w")
    monkeypatch.setenv("SHOP_HOME", "/srv")
    assert config.get("url") == "http://p${x}w/"
    assert config.get("host") == "p${x}w"
    assert config.get("home") == "/srv"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"x": "${none}"}, "names a key that is not set"),
        ({"x": "${y}", "y": "${x}"}, "circle: x -> y -> x"),
        ({"x": ["${x}"]}, "circle"),
        ({"x": {"y": "${x}"}}, "circle"),
        ({"x": "${open"}, "not closed"),
        (
            {"x": "${a0}", **{f"a{i}": f"${{a{i + 1}}}${{a{i + 1}}}" for i in range(30)}, "a30": "z"},
            "too many",
        ),
        ({"x": "${a0}", **{f"a{i}": f"${{a{i + 1}}}" for i in range(900)}, "a900": "z"}, "too many"),
        ({"x": "${big}" * 20, "big": "y" * 100_000}, "too long"),
    ],
)
def test_what_cannot_be_replaced_is_an_error(data: dict[str, object], problem: str) -> None:
    config = Config(data)
    with pytest.raises(ConfigurationError, match=problem):
        config.get("x")


def test_random_values_have_the_form_that_was_asked_for() -> None:
    config = Config({})
    assert re.fullmatch(r"[0-9a-f-]{36}", config.resolve_placeholders("${random.uuid}"))
    assert re.fullmatch(r"[0-9a-f]{32}", config.resolve_placeholders("${random.value}"))
    assert int(config.resolve_placeholders("${random.int}")) >= 0
    assert {config.resolve_placeholders("${random.int(2)}") for _ in range(50)} == {"0", "1"}
    assert {config.resolve_placeholders("${random.int(5,7)}") for _ in range(50)} == {"5", "6"}
    with pytest.raises(ConfigurationError):
        config.resolve_placeholders("${random.other}")
