"""Reads YAML text event by event into nodes that know their line, within fixed limits.

Only plain data is accepted; tags of languages, endless aliases, deep nesting and repeated keys are refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from pyfly.core.config.errors import ConfigurationError
from pyfly.core.config.tree import MAX_DEPTH, Items, Leaf, Node, Tree, add_child, empty_tree, graft

MAX_NODES: Final = 100_000
_MERGE: Final = "tag:yaml.org,2002:merge"
# What PyYAML's constructors let out for a text that does not fit an explicit tag.
_UNFIT: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_PLAIN: Final = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_INTEGER: Final = "tag:yaml.org,2002:int"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, name: str) -> Iterator[Tree]:
    """Yield one tree per document of *text*; origins are ``name:line``.

    Raises:
        ConfigurationError: The text is not YAML, or breaks one of the limits.
    """
    try:
        loader = _Loader(text)
        try:
            yield from _Reader(loader, name).documents()
        finally:
            loader.dispose()
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        origin = f"{name}:{mark.line + 1}" if mark is not None else name
        problem = getattr(failure, "problem", None) or str(failure).splitlines()[0]
        raise ConfigurationError(f"The file is not valid YAML: {problem}", origin=origin) from None
    except UnicodeError:
        raise ConfigurationError("The file is not UTF-8 text", origin=name) from None


@dataclass(slots=True)
class _Anchored:
    node: Node
    size: int


class _Reader:
    """Turns the event stream of one text into trees."""

    def __init__(self, loader: Any, name: str) -> None:
        self._next: Callable[[], Any] = loader.get_event
        self._peek: Callable[[], Any] = loader.peek_event
        self._loader = loader
        self._name = name
        self._anchors: dict[str, _Anchored] = {}
        self._size = 0

    def documents(self) -> Iterator[Tree]:
        """Yield the documents; an empty one is an empty tree."""
        while (event := self._next()) is not None and not isinstance(event, yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                yield self._root(self._node(1))

    def _root(self, node: Node) -> Tree:
        if isinstance(node, Leaf) and node.value is None:
            return empty_tree()
        if not isinstance(node, Tree):
            raise ConfigurationError("The file should hold keys and values", origin=node.origin)
        root = Tree({}, {}, node.origin)
        for segment, inner in node.nodes.items():
            graft(root, node.spellings[segment], inner)
        return root

    def _node(self, depth: int) -> Node:
        event = self._next()
        origin = f"{self._name}:{event.start_mark.line + 1}"
        if depth > MAX_DEPTH:
            raise ConfigurationError(f"The file is nested deeper than {MAX_DEPTH} levels", origin=origin)
        before = self._size
        self._grow(1, origin)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, origin)
        if not isinstance(event, yaml.ScalarEvent) and event.tag not in _PLAIN:
            raise ConfigurationError(f"The tag {event.tag} is not allowed in configuration", origin=origin)
        if isinstance(event, yaml.ScalarEvent):
            node: Node = Leaf(self._scalar(event, origin), origin)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(depth, origin)
        else:
            node = self._mapping(depth, origin)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, self._size - before)
        return node

    def _sequence(self, depth: int, origin: str) -> Items:
        items = Items([], origin)
        while not isinstance(self._peek(), yaml.SequenceEndEvent):
            items.nodes.append(self._node(depth + 1))
        self._next()
        return items

    def _mapping(self, depth: int, origin: str) -> Node:
        section = Tree({}, {}, origin)
        merged: list[Tree] = []
        while not isinstance(self._peek(), yaml.MappingEndEvent):
            key = self._next()
            key_origin = f"{self._name}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarEvent):
                raise ConfigurationError("A key should be plain text", origin=key_origin)
            node = self._node(depth + 1)
            if self._tag(key) == _MERGE:
                merged.extend(_merge_sources(node, key_origin))
            else:
                add_child(section, key.value, _placed(node, key_origin))
        self._next()
        for source in merged:
            for segment, inner in source.nodes.items():
                section.nodes.setdefault(segment, inner)
                section.spellings.setdefault(segment, source.spellings[segment])
        return section

    def _alias(self, event: Any, origin: str) -> Node:
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            raise ConfigurationError(f"The alias '*{event.anchor}' has no anchor before it", origin=origin)
        self._grow(anchored.size, origin)
        return anchored.node

    def _grow(self, size: int, origin: str) -> None:
        self._size += size
        if self._size > MAX_NODES:
            raise ConfigurationError(f"The file holds more than {MAX_NODES} values", origin=origin)

    def _tag(self, event: Any) -> str:
        tag: str | None = event.tag
        if tag is None or tag == "!":
            return str(self._loader.resolve(yaml.ScalarNode, event.value, event.implicit))
        return tag

    def _scalar(self, event: Any, origin: str) -> object:
        tag = self._tag(event)
        if tag == _INTEGER and ":" in event.value:
            return event.value  # YAML 1.1 would read 22:22 as a number to the base of 60
        if tag not in yaml.SafeLoader.yaml_constructors:
            raise ConfigurationError(f"The tag {tag} is not allowed in configuration", origin=origin)
        try:
            value: object = self._loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark))
        except (*_UNFIT, yaml.YAMLError):
            raise ConfigurationError(
                f"'{event.value}' is not a valid {tag.rpartition(':')[2]}", origin=origin
            ) from None
        return value


def _placed(node: Node, origin: str) -> Node:
    """Give the value of a key the line of the key: that is where a reader looks for it."""
    if isinstance(node, Leaf):
        return Leaf(node.value, origin)
    return node


def _merge_sources(node: Node, origin: str) -> list[Tree]:
    sources = node.nodes if isinstance(node, Items) else [node]
    trees = [source for source in sources if isinstance(source, Tree)]
    if len(trees) != len(sources):
        raise ConfigurationError("'<<' should be followed by mappings", origin=origin)
    return trees
