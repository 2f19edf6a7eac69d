"""The merged configuration as a tree whose leaves know where they were set.

Three kinds of node: :class:`Leaf` (a value), :class:`Items` (a list, replaced as a whole by a later
layer) and :class:`Tree` (a section, merged key by key). Sections find their children by canonical
segment and remember the spelling that was written, because that is what a map shows to its reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyfly.core.config.errors import ConfigurationError
from pyfly.core.config.keys import canonical_segment, child

MAX_DEPTH: Final = 50


class Leaf:
    """A scalar, a null or an empty section."""

    __slots__ = ("origin", "value")

    def __init__(self, value: object, origin: str) -> None:
        """Hold *value*, which was set at *origin*."""
        self.value = value
        self.origin = origin


class Items:
    """A list, whose elements are nodes of their own."""

    __slots__ = ("nodes", "origin")

    def __init__(self, nodes: list[Node], origin: str) -> None:
        """Hold *nodes*, the elements in order."""
        self.nodes = nodes
        self.origin = origin


class Tree:
    """A section: children and spellings by canonical segment."""

    __slots__ = ("nodes", "origin", "spellings")

    def __init__(self, nodes: dict[str, Node], spellings: dict[str, str], origin: str = "") -> None:
        """Hold *nodes* and how their keys were written."""
        self.nodes = nodes
        self.spellings = spellings
        self.origin = origin


Node = Leaf | Items | Tree


def empty_tree() -> Tree:
    """Return a section without keys."""
    return Tree({}, {})


def tree_of(data: Mapping[str, Any], origin: str) -> Tree:
    """Return *data* as a tree; every leaf carries the same *origin*.

    A key of the outermost mapping may be dotted (``{"pyfly.web.port": 80}``).
    """
    root = empty_tree()
    for name, value in data.items():
        graft(root, str(name), node_of(value, origin))
    return root


def node_of(value: object, origin: str, depth: int = 1) -> Node:
    """Return plain Python data as a node."""
    if depth > MAX_DEPTH:
        raise ConfigurationError(f"The configuration is nested deeper than {MAX_DEPTH} levels", origin=origin)
    if isinstance(value, Mapping):
        section = Tree({}, {}, origin)
        for name, inner in value.items():
            add_child(section, str(name), node_of(inner, origin, depth + 1))
        return section
    if isinstance(value, list | tuple):
        return Items([node_of(item, origin, depth + 1) for item in value], origin)
    return Leaf(value, origin)


def add_child(section: Tree, spelling: str, node: Node) -> None:
    """Put *node* into *section*, refusing a second spelling of a key that is there already."""
    segment = canonical_segment(spelling)
    if segment in section.nodes:
        raise duplicate(spelling, section.spellings[segment], origin_of(node))
    section.nodes[segment] = node
    section.spellings[segment] = spelling


def duplicate(spelling: str, other: str, origin: str) -> ConfigurationError:
    """Return the error for a key that one mapping holds twice."""
    problem = (
        f"The key '{spelling}' is there twice in one mapping"
        if spelling == other
        else f"The keys '{other}' and '{spelling}' of one mapping are two spellings of the same key"
    )
    return ConfigurationError(problem, key=spelling, origin=origin, fix=f"Remove one '{spelling}'.")


def graft(root: Tree, dotted: str, node: Node) -> None:
    """Merge *node* into *root* at the place that *dotted* spells, creating the sections above it."""
    branch = node
    for spelling in reversed(dotted.split(".")):
        branch = Tree(
            {canonical_segment(spelling): branch}, {canonical_segment(spelling): spelling}, origin_of(node)
        )
    if isinstance(branch, Tree):
        merge_into(root, branch)


def merge_into(base: Tree, override: Tree) -> None:
    """Lay *override* over *base*, section by section; anything else is replaced."""
    for segment, node in override.nodes.items():
        present = base.nodes.get(segment)
        if isinstance(present, Tree) and isinstance(node, Tree):
            merge_into(present, node)
            continue
        base.nodes[segment] = copy_node(node)
        base.spellings[segment] = override.spellings[segment]


def copy_node(node: Node) -> Node:
    """Return *node* with sections of its own, so that merging never changes a layer."""
    if not isinstance(node, Tree):
        return node
    return Tree(
        {name: copy_node(inner) for name, inner in node.nodes.items()}, dict(node.spellings), node.origin
    )


def detach(root: Tree, canonical: str) -> Node | None:
    """Take the node at *canonical* out of *root*, with sections above it that become empty."""
    head, _, rest = canonical.partition(".")
    node = root.nodes.get(head)
    if node is None:
        return None
    if not rest:
        del root.nodes[head], root.spellings[head]
        return node
    if not isinstance(node, Tree):
        return None
    found = detach(node, rest)
    if found is not None and not node.nodes:
        del root.nodes[head], root.spellings[head]
    return found


def origin_of(node: Node) -> str:
    """Return where *node*, or the first thing in it, was set."""
    if node.origin or not isinstance(node, Tree):
        return node.origin
    return next((origin_of(inner) for inner in node.nodes.values()), "")


def plain(node: Node) -> Any:
    """Return *node* as plain Python data, keys as they were written."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return {node.spellings[segment]: plain(inner) for segment, inner in node.nodes.items()}


def walk(node: Node, key: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every node below *node* with its canonical key, sections before their children."""
    for segment, inner in _children(node):
        inner_key = child(key, segment)
        yield inner_key, inner
        yield from walk(inner, inner_key)


def leaves(node: Node, key: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield every value below *node* with its canonical key."""
    return ((name, inner) for name, inner in walk(node, key) if isinstance(inner, Leaf))


def _children(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Tree):
        yield from node.nodes.items()
    elif isinstance(node, Items):
        yield from ((str(position), inner) for position, inner in enumerate(node.nodes))
