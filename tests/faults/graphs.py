"""Random graphs, and classes that depend on each other as such a graph says."""

import random
from collections.abc import Callable, Mapping
from typing import Any

Edges = dict[int, list[int]]


def random_edges(chance: random.Random, size: int, most: int, *, acyclic: bool) -> Edges:
    """Return who depends on whom: on up to *most* others, only on earlier ones if *acyclic*."""
    found = {}
    for number in range(size):
        others = range(number if acyclic else size)
        found[number] = sorted(chance.sample(others, min(len(others), chance.randint(0, most))))
    return found


def reachable(edges: Edges, root: int) -> set[int]:
    """Return everything that *root* depends on, directly or not."""
    found: set[int] = set()
    pending = list(edges[root])
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending.extend(edges[current])
    return found


def node(number: int) -> type:
    """Return a new class; it has no module, so that no report looks for the line of its definition."""
    return type(f"Node{number}", (), {"__module__": "nowhere"})


def give_constructor(
    cls: type, wanted: Mapping[str, Any], body: Callable[[dict[str, object]], None] = lambda given: None
) -> None:
    """Let *cls* take parameters annotated as *wanted*; *body* is given their values."""
    namespace: dict[str, Any] = {"body": body}
    exec(f"def __init__(self{''.join(f', {name}' for name in wanted)}) -> None: body(locals())", namespace)
    made = namespace["__init__"]
    made.__annotations__ = dict(wanted)
    cls.__init__ = made  # type: ignore[misc]  # these classes have no subclasses
