import pytest

from pyfly.core.config import ConfigurationError
from pyfly.core.config.tree import detach, leaves, merge_into, plain, tree_of


def test_plain_data_survives_the_way_through_a_tree() -> None:
    data = {"a": {"b": [1, {"c": None}], "e": {}}, "x.y": 2}
    assert plain(tree_of(data, "here")) == {"a": {"b": [1, {"c": None}], "e": {}}, "x": {"y": 2}}


def test_a_list_is_replaced_and_a_section_is_merged() -> None:
    base = tree_of({"l": [1, 2], "s": {"a": 1}, "v": 1}, "one")
    merge_into(base, tree_of({"l": [3], "s": {"b": 2}, "v": {"w": 1}}, "two"))
    assert plain(base) == {"l": [3], "s": {"a": 1, "b": 2}, "v": {"w": 1}}
    assert {key: leaf.origin for key, leaf in leaves(base)} == {
        "l.0": "two",
        "s.a": "one",
        "s.b": "two",
        "v.w": "two",
    }


def test_taking_out_a_node_takes_empty_sections_with_it() -> None:
    tree = tree_of({"a": {"b": {"c": 1}}, "x": 1}, "here")
    node = detach(tree, "a.b.c")
    assert node is not None
    assert plain(node) == 1
    assert plain(tree) == {"x": 1}
    assert detach(tree, "a.b.c") is None
    assert detach(tree, "x.y") is None


def test_two_spellings_of_one_key_in_a_mapping_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="two spellings"):
        tree_of({"a": {"pool-size": 1, "pool_size": 2}}, "here")


def test_data_nested_without_end_is_refused() -> None:
    data: dict[str, object] = {}
    data["self"] = data
    with pytest.raises(ConfigurationError, match="deeper than 50"):
        tree_of(data, "here")
