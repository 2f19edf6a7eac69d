"""The module of the defaults is current."""

from pathlib import Path

from pyfly.core.config.shipped import compiled
from pyfly.core.config.yaml_reader import read_yaml
from pyfly.resources.defaults import DEFAULTS


def test_the_module_says_what_the_yaml_file_says() -> None:
    path = Path(__file__).parents[2] / "pyfly-defaults.yaml"
    (tree,) = read_yaml(path.read_text(encoding="utf-8"), path.name)
    assert compiled(tree) == DEFAULTS, "run scripts/configuration_reference.py"
