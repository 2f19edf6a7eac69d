from pyfly.core.config.keys import parse_key
from pyfly.core.config.snapshot import layer_of, snapshot_of
from pyfly.core.config.tree import tree_of
from pyfly.core.config.view import View


def _view(data: dict[str, object], environ: dict[str, str], dotenv: dict[str, str] | None = None) -> View:
    return View(snapshot_of([layer_of("", tree_of(data, "file"))], variables=dotenv or {}), environ)


def test_the_environment_wins_over_dotenv_over_the_file() -> None:
    view = _view({"a": 1, "b": 1, "c": 1}, {"PYFLY_A": "env"}, {"PYFLY_A": "dot", "PYFLY_B": "dot"})
    assert [view.value(parse_key(key)) for key in "abc"] == ["env", "dot", 1]
    assert [view.origin(parse_key(key)) for key in "abc"] == [
        "environment variable PYFLY_A",
        ".env PYFLY_B",
        "file",
    ]


def test_anything_below_a_section_makes_it_hold_something() -> None:
    view = _view({"a": {"b": 1}, "n": {"x": None}}, {"PYFLY_E_F": "1"})
    assert [view.holds(parse_key(key)) for key in ("a", "n", "e", "none")] == [True, False, True, False]


def test_a_list_is_as_long_as_file_and_variables_say() -> None:
    view = _view({"l": [1, 2]}, {"PYFLY_L_2": "3", "PYFLY_L_9": "x", "PYFLY_M_0_NAME": "m", "PYFLY_M_1": "n"})
    assert [view.size(parse_key(key)) for key in ("l", "m", "none")] == [3, 2, 0]


def test_a_variable_that_stands_for_a_file_entry_is_not_shown_twice() -> None:
    view = _view(
        {"s": {"pool-size": 1, "inner": {"x": 1}, "l": [1]}},
        {"PYFLY_S_POOL_SIZE": "2", "PYFLY_S_INNER_X": "3", "PYFLY_S_L_0": "4", "PYFLY_S_POOL_SIZE_MAX": "5"},
    )
    assert view.section(parse_key("s")) == {
        "pool-size": "2",
        "inner": {"x": "3"},
        "l": ["4"],
        "pool_size_max": "5",
    }


def test_a_variable_of_an_aliased_section_counts_once() -> None:
    view = _view({}, {"PYFLY_DATA_RELATIONAL_URL": "x"})
    assert view.section(parse_key("pyfly.data")) == {"url": "x"}
    assert view.value(parse_key("pyfly.data.url")) == "x"
