"""The defaults as data: what is read is what the YAML file says, and what is ours is told from what is the program's."""

from pathlib import Path

import pytest

from pyfly.core.config import Config
from pyfly.core.config.shipped import compiled, is_shipped, shipped_tree
from pyfly.core.config.tree import Tree, leaves, tree_of
from pyfly.core.config.yaml_reader import read_yaml

TEXT = """
shop:
  name: corner
  tills: [1, two]
  address: {street: Main, number: 5}
  notes: {}
  owner:
"""


def test_data_that_was_compiled_is_read_back_with_its_lines() -> None:
    (tree,) = read_yaml(
        (Path(__file__).parents[3] / "pyfly-defaults.yaml").read_text("utf-8"), "pyfly-defaults.yaml"
    )
    assert [(key, leaf.value, leaf.origin) for key, leaf in leaves(shipped_tree())] == [
        (key, leaf.value, leaf.origin) for key, leaf in leaves(tree)
    ]


def test_every_kind_of_node_is_compiled() -> None:
    (tree,) = read_yaml(TEXT, "any.yaml")
    assert compiled(tree)["shop"] == {
        "": 3,
        "name": ("corner", 3),
        "tills": [4, (1, 4), ("two", 4)],
        "address": {"": 5, "street": ("Main", 5), "number": (5, 5)},
        "notes": {"": 6},
        "owner": (None, 7),
    }


def test_what_ships_is_told_from_what_a_program_sets() -> None:
    assert is_shipped(shipped_tree())
    assert not is_shipped(tree_of({"pyfly.web.port": 1}, "pyfly.yaml:1"))
    mixed = shipped_tree()
    web = mixed.nodes["pyfly"]
    assert isinstance(web, Tree)
    web.nodes["web"] = Tree({}, {}, "pyfly.yaml:3")  # an empty section that somebody wrote
    assert not is_shipped(mixed)


def test_a_configuration_knows_when_nobody_says_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYFLY_WEB_PORT", "PYFLY_SHOP_NAME"):
        monkeypatch.delenv(name, raising=False)
    silent = Config.from_sources(tmp_path)
    assert silent.says_nothing("pyfly.web", "shop")
    monkeypatch.setenv("PYFLY_SHOP_NAME", "corner")
    assert silent.says_nothing("pyfly.web")
    assert not silent.says_nothing("pyfly.web", "shop")
    with silent.overridden({"pyfly.web.port": 1}):
        assert not silent.says_nothing("pyfly.web")
    (tmp_path / "pyfly.yaml").write_text("shop: {name: corner}", encoding="utf-8")
    assert not Config.from_sources(tmp_path).says_nothing("pyfly.web")
