"""One consistent, immutable view of everything that has been loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from pyfly.core.config.keys import ALIASES, RENAMED
from pyfly.core.config.records import RenamedKey
from pyfly.core.config.tree import Leaf, Node, Tree, detach, graft, leaves, merge_into, walk


class Layer(NamedTuple):
    """One source after reading: what it is called and what it holds."""

    name: str
    tree: Tree
    renamed: tuple[RenamedKey, ...] = ()


class Snapshot(NamedTuple):
    """The merged layers with an index by canonical key.

    Attributes:
        nodes: Every node by canonical key; the root section under ``""``.
        pinned: Keys that stand above the environment (command line, test overrides).
        variables: What ``.env`` says, consulted after the process environment.
    """

    root: Tree
    nodes: Mapping[str, Node]
    sources: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    pinned: frozenset[str] = frozenset()
    variables: Mapping[str, str] = MappingProxyType({})
    renamed: tuple[RenamedKey, ...] = ()


def layer_of(name: str, tree: Tree) -> Layer:
    """Return *tree* as a layer with aliased and renamed sections moved to where they live now."""
    renamed: list[RenamedKey] = []
    for other, home in {**RENAMED, **ALIASES}.items():
        node = detach(tree, other)
        if node is None:
            continue
        if other in RENAMED:
            renamed.extend(RenamedKey(other + key, home + key, leaf.origin) for key, leaf in _suffixes(node))
        _move(tree, home, node)
    return Layer(name, tree, tuple(renamed))


def combine(layers: Iterable[Layer]) -> Tree:
    """Merge *layers*, the later one winning."""
    root = Tree({}, {})
    for layer in layers:
        merge_into(root, layer.tree)
    return root


def snapshot_of(layers: Iterable[Layer], *, pinned: Layer | None = None, **facts: object) -> Snapshot:
    """Merge *layers* and index the result; *pinned* goes on top and above the environment."""
    stack = [*layers, *([pinned] if pinned else [])]
    root = combine(stack)
    return Snapshot(
        root,
        {"": root, **dict(walk(root))},
        pinned=frozenset(key for key, _ in leaves(pinned.tree)) if pinned else frozenset(),
        renamed=tuple(found for layer in stack for found in layer.renamed),
        **facts,  # type: ignore[arg-type]
    )


def _move(tree: Tree, home: str, node: Node) -> None:
    current = Tree({}, {})
    graft(current, home, node)
    present = detach(tree, home)
    if present is not None:
        graft(current, home, present)
    merge_into(tree, current)


def _suffixes(node: Node) -> list[tuple[str, Leaf]]:
    return [("", node)] if isinstance(node, Leaf) else [(f".{key}", leaf) for key, leaf in leaves(node)]
