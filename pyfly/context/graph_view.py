"""The bean graph as a picture or as data: Mermaid, DOT and JSON."""

import json
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, scope_text


class Edge(NamedTuple):
    """One bean needs another one."""

    source: str
    target: str
    deferred: bool


def render_graph(container: Container, form: str) -> str:
    """Return the graph of the checked definitions of *container*.

    Args:
        container: Its definitions must have been checked; no bean is made.
        form: ``mermaid``, ``dot`` or ``json``.

    Raises:
        ValueError: *form* is none of these.
    """
    try:
        render = _FORMS[form]
    except KeyError:
        raise ValueError(f"unknown form {form!r}; known: {', '.join(_FORMS)}") from None
    definitions = sorted(container.definitions(), key=lambda each: each.name)
    return render(definitions, [edge for each in definitions for edge in _edges(each)])


def _edges(definition: BeanDefinition) -> Iterator[Edge]:
    needed = dict.fromkeys(each.name for each in definition.needs)
    yield from (Edge(definition.name, name, deferred=False) for name in needed)
    deferred = dict.fromkeys(target.name for link in definition.links or () for target in link.targets)
    yield from (Edge(definition.name, name, deferred=True) for name in deferred if name not in needed)


def _mermaid(definitions: list[BeanDefinition], edges: list[Edge]) -> str:
    ids = {definition.name: f"b{number}" for number, definition in enumerate(definitions)}
    lines = ["graph LR"]
    lines += [f'    {ids[each.name]}["{_label(each)}"]' for each in definitions]
    lines += [
        f"    {ids[edge.source]} {'-.->' if edge.deferred else '-->'} {ids[edge.target]}" for edge in edges
    ]
    return "\n".join(lines) + "\n"


def _dot(definitions: list[BeanDefinition], edges: list[Edge]) -> str:
    lines = ["digraph beans {", "    rankdir=LR;"]
    lines += [f"    {_quoted(each.name)} [label={_quoted(_label(each))}];" for each in definitions]
    for edge in edges:
        style = " [style=dashed]" if edge.deferred else ""
        lines.append(f"    {_quoted(edge.source)} -> {_quoted(edge.target)}{style};")
    return "\n".join([*lines, "}"]) + "\n"


def _json(definitions: list[BeanDefinition], edges: list[Edge]) -> str:
    beans = [
        {
            "name": each.name,
            "type": f"{each.type.__module__}.{each.type.__qualname__}",
            "scope": scope_text(each.scope),
            "stereotype": each.stereotype,
            "origin": str(each.origin),
        }
        for each in definitions
    ]
    return json.dumps({"beans": beans, "edges": [edge._asdict() for edge in edges]}, indent=2) + "\n"


def _label(definition: BeanDefinition) -> str:
    kind = definition.stereotype or scope_text(definition.scope)
    return f"{definition.name} ({kind})".replace('"', "'")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_FORMS: Final[dict[str, Callable[[list[BeanDefinition], list[Edge]], str]]] = {
    "mermaid": _mermaid,
    "dot": _dot,
    "json": _json,
}
