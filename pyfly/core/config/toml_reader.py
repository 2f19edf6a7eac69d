"""Reads TOML text into a tree; the lines of keys are found by a second look at the text."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from pyfly.core.config.errors import ConfigurationError
from pyfly.core.config.keys import canonical_key, canonical_segment, child
from pyfly.core.config.tree import MAX_DEPTH, Items, Leaf, Node, Tree, add_child, graft

_TABLE: Final = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ENTRY: Final = re.compile(r"\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")
_LINE: Final = re.compile(r"at line (\d+)")


def read_toml(text: str, name: str) -> Iterator[Tree]:
    """Yield the one tree of *text*; origins are ``name:line``.

    Raises:
        ConfigurationError: The text is not TOML, or is nested too deeply.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        line = _LINE.search(str(failure))
        origin = f"{name}:{line[1]}" if line else name
        raise ConfigurationError(f"The file is not valid TOML: {failure}", origin=origin) from None
    except RecursionError:
        raise ConfigurationError(f"The file is nested deeper than {MAX_DEPTH} levels", origin=name) from None
    builder = _Builder(name, _key_lines(text))
    root = Tree({}, {}, name)
    for key, value in data.items():
        graft(root, key, builder.node(value, canonical_key(key), 1))
    yield root


class _Builder:
    """Adds to plain data the line that each key was found on."""

    def __init__(self, name: str, lines: dict[str, int]) -> None:
        self._name = name
        self._lines = lines

    def node(self, value: Any, key: str, depth: int) -> Node:
        """Return *value* as a node with its origin."""
        origin = f"{self._name}:{self._lines[key]}" if key in self._lines else self._name
        if depth > MAX_DEPTH:
            raise ConfigurationError(f"The file is nested deeper than {MAX_DEPTH} levels", origin=origin)
        if isinstance(value, dict):
            section = Tree({}, {}, origin)
            for name, inner in value.items():
                add_child(section, name, self.node(inner, child(key, canonical_segment(name)), depth + 1))
            return section
        if isinstance(value, list):
            return Items([self.node(inner, key, depth + 1) for inner in value], origin)
        return Leaf(value, origin)


def _key_lines(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = _bare(header[1])
            lines.setdefault(table, number)
        elif entry := _ENTRY.match(line):
            lines.setdefault(child(table, _bare(entry[1])), number)
    return lines


def _bare(key: str) -> str:
    return canonical_key(key.replace('"', "").replace("'", "").replace(" ", ""))
