"""The one code generator: straight-line functions that are compiled once and then only run.

Factories, request binders and advice chains are all written through :class:`SourceBuilder`.
The text of each function stays available to tracebacks and debuggers.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

_serial = count(1)


class SourceBuilder:
    """Collects the lines of one module-level function and the constants that it closes over."""

    def __init__(self, name: str) -> None:
        """Start an empty source whose function will be called *name*."""
        self.name = name
        self._lines: list[str] = []
        self._depth = 0
        self._namespace: dict[str, object] = {}
        self._names: dict[int, str] = {}

    @property
    def source(self) -> str:
        """The text written so far."""
        return "\n".join(self._lines) + "\n"

    def constant(self, value: object, hint: str = "c") -> str:
        """Make *value* available to the code and return the identifier that it has there."""
        known = self._names.get(id(value))
        if known is not None:
            return known
        stem = "".join(c if c.isalnum() and c.isascii() else "_" for c in hint)
        identifier = (
            f"{stem}_{len(self._namespace)}" if stem[:1].isalpha() else f"c_{stem}_{len(self._namespace)}"
        )
        self._namespace[identifier] = value
        self._names[id(value)] = identifier
        return identifier

    def line(self, text: str) -> None:
        """Add one statement at the current indentation."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Add *header* and indent everything written inside the ``with`` statement."""
        self.line(header)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def compile(self) -> Callable[..., Any]:
        """Compile the source and return the function called :attr:`name`."""
        text = self.source
        filename = f"<pyfly generated {next(_serial)}: {self.name}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        namespace = dict(self._namespace)
        exec(compile(text, filename, "exec"), namespace)  # the text comes from our own templates only
        function: Callable[..., Any] = namespace[self.name]  # type: ignore[assignment]
        return function
