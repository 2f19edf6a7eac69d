"""Reads one snapshot together with the live environment: what a key is worth right now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pyfly.core.config.keys import Key, child, parse_key
from pyfly.core.config.normalizing import normalize
from pyfly.core.config.placeholders import Expander
from pyfly.core.config.snapshot import Snapshot
from pyfly.core.config.tree import Items, Leaf, Node, Tree, leaves, origin_of


class Found(NamedTuple):
    """A value and where it was set."""

    value: Any
    origin: str


class View:
    """A snapshot and an environment, asked key by key."""

    def __init__(self, snapshot: Snapshot, environ: Mapping[str, str]) -> None:
        """Look into *environ* first, then into the ``.env`` values and the files of *snapshot*."""
        self._snapshot = snapshot
        self._environ = environ
        self._names: tuple[str, ...] | None = None

    def node(self, key: Key) -> Node | None:
        """Return what the files say under *key*."""
        return self._snapshot.nodes.get(key.canonical)

    def variable(self, key: Key) -> Found | None:
        """Return what the environment or ``.env`` says about *key*, as raw text."""
        if key.canonical in self._snapshot.pinned:
            return None
        for name in key.variables:
            if name in self._environ:
                return Found(self._environ[name], f"environment variable {name}")
        if self._snapshot.variables:
            return next(
                (
                    Found(self._snapshot.variables[n], f".env {n}")
                    for n in key.variables
                    if n in self._snapshot.variables
                ),
                None,
            )
        return None

    def find(self, key: Key, expander: Expander | None = None) -> Found | None:
        """Return the scalar that *key* is set to, placeholders replaced, or ``None``."""
        found = self.variable(key)
        if found is None:
            node = self.node(key)
            if not isinstance(node, Leaf) or node.value is None:
                return None
            found = Found(self._expanded(key, node, expander), node.origin)
        value = normalize(key.canonical, found.value, found.origin)
        return found if value is found.value else Found(value, found.origin)

    def value(self, key: Key, expander: Expander | None = None) -> Any:
        """Return scalar, list or section of *key* as plain data, or ``None`` when it is not set."""
        found = self.find(key, expander)
        node = self.node(key)
        if (isinstance(node, Items) and found is None) or (node is None and self._first_element(key)):
            return [
                self.value(parse_key(child(key.canonical, str(i))), expander) for i in range(self.size(key))
            ]
        if found is not None:
            return found.value
        return self.section(key, expander) if isinstance(node, Tree) else None

    def _first_element(self, key: Key) -> bool:
        return any(
            f"{name}_0" in self._environ or f"{name}_0" in self._snapshot.variables for name in key.variables
        )

    def section(self, key: Key, expander: Expander | None = None) -> dict[str, Any]:
        """Return everything below *key* as nested data; variables without a file entry included."""
        node = self.node(key)
        result: dict[str, Any] = {}
        if isinstance(node, Tree):
            for segment, spelling in node.spellings.items():
                result[spelling] = self.value(parse_key(child(key.canonical, segment)), expander)
        if key.canonical:
            for name, found in self.extra_variables(key):
                result[name] = found.value
        return result

    def resolve(self, text: str) -> object:
        """Return *text* with its placeholders replaced."""
        return Expander(self._by_name).expand(text)

    def size(self, key: Key) -> int:
        """Return how many elements the list at *key* has, counting ``..._0`` variables."""
        node = self.node(key)
        count = len(node.nodes) if isinstance(node, Items) else 0
        if isinstance(node, Tree) and all(segment.isdigit() for segment in node.nodes):
            count = len(node.nodes)
        if key.canonical in self._snapshot.pinned:
            return count
        positions = {rest.partition("_")[0] for rest in self.remainders(key)}
        while str(count) in positions:
            count += 1
        return count

    def holds(self, key: Key) -> bool:
        """Return whether anything is set at *key* or below it."""
        node = self.node(key)
        if node is not None and any(leaf.value is not None for _, leaf in _leaves(node)):
            return True
        return self.variable(key) is not None or next(self.remainders(key), None) is not None

    def origin(self, key: Key) -> str:
        """Return where *key* was set, or ``""``."""
        found = self.variable(key)
        if found is not None:
            return found.origin
        node = self.node(key)
        return origin_of(node) if node is not None else ""

    def remainders(self, key: Key) -> Iterator[str]:
        """Yield what follows the name of *key* in the variables that lie below it."""
        longest_first = sorted(key.variables, key=len, reverse=True)
        for name in self._variable_names():
            prefix = next(
                (p for p in longest_first if name.startswith(p) and name[len(p) : len(p) + 1] == "_"), None
            )
            if prefix is not None:
                yield name[len(prefix) + 1 :]

    def extra_variables(self, key: Key) -> Iterator[tuple[str, Found]]:
        """Yield variables below *key* that no file entry stands for, with the name a map gives them.

        The name is in lower case; ``__`` stands for a dot.
        """
        node = self.node(key)
        taken = [(_as_variable(s), n) for s, n in node.nodes.items()] if isinstance(node, Tree) else []
        for rest in self.remainders(key):
            if any(_covers(name, inner, rest) for name, inner in taken):
                continue
            found = self._by_remainder(key, rest)
            if found is not None:
                yield rest.replace("__", ".").lower(), found

    def variables(self) -> Iterator[tuple[str, Found]]:
        """Yield every variable of the key space by name, the environment before ``.env``."""
        for name in self._variable_names():
            if name in self._environ:
                yield name, Found(self._environ[name], f"environment variable {name}")
            else:
                yield name, Found(self._snapshot.variables[name], f".env {name}")

    def _by_remainder(self, key: Key, rest: str) -> Found | None:
        for source, kind in ((self._environ, "environment variable"), (self._snapshot.variables, ".env")):
            for name in key.variables:
                text = source.get(f"{name}_{rest}")
                if text is not None:
                    return Found(text, f"{kind} {name}_{rest}")
        return None

    def _variable_names(self) -> tuple[str, ...]:
        if self._names is None:
            names = [*self._environ, *self._snapshot.variables]
            self._names = tuple(dict.fromkeys(name for name in names if name.startswith("PYFLY_")))
        return self._names

    def _expanded(self, key: Key, leaf: Leaf, expander: Expander | None) -> object:
        if not isinstance(leaf.value, str) or "${" not in leaf.value:
            return leaf.value
        return (expander or Expander(self._by_name, leaf.origin)).follow(key.canonical, leaf.value)

    def _by_name(self, name: str, expander: Expander) -> object:
        value = self.value(parse_key(name), expander)
        if value is None and name.replace("_", "").isalnum() and name.isupper():
            return self._environ.get(name, self._snapshot.variables.get(name))
        return value


def _leaves(node: Node) -> Iterator[tuple[str, Leaf]]:
    return iter([("", node)]) if isinstance(node, Leaf) else leaves(node)


def _as_variable(segment: str) -> str:
    return segment.replace("-", "_").replace(".", "_").upper()


def _covers(name: str, node: Node, rest: str) -> bool:
    if rest.replace("__", "_") == name:
        return True
    if not rest.startswith(name + "_"):
        return False
    return not isinstance(node, Leaf) or rest[len(name) + 1 :].isdigit()
