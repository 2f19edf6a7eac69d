"""Matches paths: a dictionary for static ones, a tree of segments for templates.

The cost of a match does not depend on the number of routes. Static segments beat variables, variables
with a converter beat plain ones, and a variable that takes the rest of the path comes last.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pyfly.web.errors.exceptions import MethodNotAllowed
from pyfly.web.ports.routes import Endpoint
from pyfly.web.routing.templates import CONVERTERS, Variable, parse_template, without_converters


class Methods(dict[str, Endpoint]):
    """The endpoints of one path template by HTTP method."""

    __slots__ = ("template",)

    def __init__(self, template: str) -> None:
        """Start without endpoints."""
        super().__init__()
        self.template = template


Match = tuple[Methods, tuple[str, ...]]

_PRECEDENCE: Final = {"int": 0, "uuid": 1, "float": 2, "str": 3}


class _Node:
    __slots__ = ("children", "methods", "rest", "variables")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.variables: dict[str, _Node] = {}
        self.rest: Methods | None = None
        self.methods: Methods | None = None


class Router:
    """The routes of an application."""

    def __init__(self) -> None:
        """Start without routes."""
        self.static: dict[str, Methods] = {}
        self._root = _Node()

    def add(self, method: str, path: str, endpoint: Endpoint) -> None:
        """Answer *method* requests for *path* with *endpoint*; a GET answers HEAD as well."""
        segments = parse_template(path)
        if not any(isinstance(item, Variable) for item in segments):
            methods = self.static.setdefault(path, Methods(path))
        else:
            methods = self._methods_at(segments, without_converters(path))
        methods[method] = endpoint

    def find(self, path: str) -> Match | None:
        """Return the methods of the route that *path* belongs to and the values of its variables."""
        static = self.static.get(path)
        if static is not None:
            return static, ()
        return _walk(self._root, path[1:].split("/"), 0, ()) if path.startswith("/") else None

    def find_parts(self, parts: Sequence[str]) -> Match | None:
        """Do the same for a path that has been split, whose parts may contain slashes."""
        static = self._static_at(parts)
        return _walk(self._root, parts, 0, ()) if static is None else (static, ())

    def settle(self, parts: Sequence[str], method: str) -> tuple[Methods, Endpoint, tuple[str, ...]]:
        """Return what answers *method* at a path when the nearest route does not know that method.

        A less specific route that knows it takes the request; HEAD is answered by GET.

        Raises:
            MethodNotAllowed: No route at the path knows the method.
        """
        candidates = list(self._matches(parts))
        for wanted in (method, "GET") if method == "HEAD" else (method,):
            for methods, values in candidates:
                if wanted in methods:
                    return methods, methods[wanted], values
        raise MethodNotAllowed(method, allowed(candidates))

    def _matches(self, parts: Sequence[str]) -> Iterator[Match]:
        static = self._static_at(parts)
        if static is not None:
            yield static, ()
        yield from _all(self._root, parts, 0, ())

    def _static_at(self, parts: Sequence[str]) -> Methods | None:
        path = "/".join(["", *parts])
        return self.static.get(path) if path.count("/") == len(parts) else None

    def _methods_at(self, segments: Sequence[str | Variable], template: str) -> Methods:
        node = self._root
        for item in segments:
            if isinstance(item, str):
                node = node.children.setdefault(item, _Node())
            elif item.converter == "path":
                node.rest = Methods(template) if node.rest is None else node.rest
                return node.rest
            else:
                node.variables.setdefault(item.converter, _Node())
                node.variables = dict(sorted(node.variables.items(), key=lambda pair: _PRECEDENCE[pair[0]]))
                node = node.variables[item.converter]
        node.methods = Methods(template) if node.methods is None else node.methods
        return node.methods


def allowed(matches: Sequence[Match]) -> list[str]:
    """Return the methods of the matching routes for the ``Allow`` header."""
    known = {method for methods, _ in matches for method in methods}
    return sorted({*known, "OPTIONS", *(["HEAD"] if "GET" in known else [])})


def _walk(node: _Node, parts: Sequence[str], at: int, values: tuple[str, ...]) -> Match | None:
    while at < len(parts):
        part = parts[at]
        child = node.children.get(part)
        if node.variables or node.rest is not None:
            return _branch(node, child, parts, at, values)
        if child is None:
            return None
        node, at = child, at + 1
    return None if node.methods is None else (node.methods, values)


def _branch(
    node: _Node, child: _Node | None, parts: Sequence[str], at: int, values: tuple[str, ...]
) -> Match | None:
    part = parts[at]
    if child is not None and (found := _walk(child, parts, at + 1, values)) is not None:
        return found
    for converter, below in node.variables.items():
        if part and CONVERTERS[converter](part):
            found = _walk(below, parts, at + 1, (*values, part))
            if found is not None:
                return found
    rest = "/".join(parts[at:])
    return (node.rest, (*values, rest)) if node.rest is not None and rest else None


def _all(node: _Node, parts: Sequence[str], at: int, values: tuple[str, ...]) -> Iterator[Match]:
    if at == len(parts):
        if node.methods is not None:
            yield node.methods, values
        return
    part = parts[at]
    if part in node.children:
        yield from _all(node.children[part], parts, at + 1, values)
    for converter, below in node.variables.items():
        if part and CONVERTERS[converter](part):
            yield from _all(below, parts, at + 1, (*values, part))
    rest = "/".join(parts[at:])
    if node.rest is not None and rest:
        yield node.rest, (*values, rest)
