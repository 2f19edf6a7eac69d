"""The defaults that ship with the framework, as data that needs no YAML library to be read.

``pyfly-defaults.yaml`` is what people read and edit; ``scripts/configuration_reference.py`` turns it into the module
``pyfly.resources.defaults``: a section is a mapping with its line under ``""``, a list a list, a value ``(value, line)``.
"""

from typing import Any, Final

from pyfly.core.config.keys import canonical_segment
from pyfly.core.config.tree import Items, Leaf, Node, Tree

DEFAULTS_FILE: Final = "pyfly-defaults.yaml"


def shipped_tree() -> Tree:
    """Return the defaults as a tree whose origins are lines of ``pyfly-defaults.yaml``."""
    from pyfly.resources.defaults import DEFAULTS  # read once, by the first configuration that wants them

    return _section(DEFAULTS)


def is_shipped(node: Node) -> bool:
    """Return whether everything at *node* and below it comes from the defaults."""
    if isinstance(node, Tree):
        return all(map(is_shipped, node.nodes.values())) and (bool(node.nodes) or _is_ours(node.origin))
    return _is_ours(node.origin)


def compiled(tree: Tree) -> dict[str, Any]:
    """Return *tree*, read from the YAML file, as the data that :func:`shipped_tree` reads."""
    inner = {tree.spellings[segment]: _data(node) for segment, node in tree.nodes.items()}
    return {"": _line(tree.origin), **inner}


def _is_ours(origin: str) -> bool:
    return origin.startswith(f"{DEFAULTS_FILE}:")


def _data(node: Node) -> Any:
    if isinstance(node, Tree):
        return compiled(node)
    if isinstance(node, Items):
        return [_line(node.origin), *map(_data, node.nodes)]
    return node.value, _line(node.origin)


def _line(origin: str) -> int:
    return int(origin.rpartition(":")[2] or 0)


def _node(data: Any) -> Node:
    if isinstance(data, dict):
        return _section(data)
    if isinstance(data, list):
        return Items([_node(item) for item in data[1:]], _origin(data[0]))
    value, line = data
    return Leaf(value, _origin(line))


def _section(data: dict[str, Any]) -> Tree:
    tree = Tree({}, {}, _origin(data[""]))
    for spelling, inner in data.items():
        if spelling:
            segment = canonical_segment(spelling)
            tree.nodes[segment] = _node(inner)
            tree.spellings[segment] = spelling
    return tree


def _origin(line: int) -> str:
    return f"{DEFAULTS_FILE}:{line}" if line else ""
