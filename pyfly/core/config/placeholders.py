"""Replaces ``${key:default}`` in values: nested, lazily defaulted, loops refused, growth limited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyfly.core.config.errors import ConfigurationError

MAX_SUBSTITUTIONS: Final = 1000
MAX_LENGTH: Final = 1_000_000
_OPEN: Final = "${"
_ESCAPED: Final = "$${"

Finder = Callable[[str, "Expander"], object]
"""Returns the value of a name, or ``None``; expands that value with the expander it is given."""


class Expander:
    """Expands the placeholders of one value, remembering which keys led here."""

    def __init__(self, find: Finder, origin: str = "") -> None:
        """Look names up with *find*; *origin* is where the value was set."""
        self._find = find
        self._origin = origin
        self._trail: list[str] = []
        self._count = 0

    def expand(self, text: str) -> object:
        """Return *text* with its placeholders replaced.

        A text that is one placeholder and nothing else takes over the type of what it names;
        ``$${`` stands for a literal ``${``.

        Raises:
            ConfigurationError: A name is unknown and has no default, or names lead in a circle.
        """
        if _OPEN not in text:
            return text
        pieces: list[object] = []
        position = 0
        while (start := text.find(_OPEN, position)) >= 0:
            if start and text[start - 1 : start + 2] == _ESCAPED:
                pieces.append(text[position : start - 1] + _OPEN)
                position = start + 2
                continue
            if start > position:
                pieces.append(text[position:start])
            end = _closing(text, start + 2)
            if end < 0:
                raise ConfigurationError(f"The placeholder in '{text}' is not closed", origin=self._origin)
            pieces.append(self._substitute(text[start + 2 : end]))
            position = end + 1
        if position < len(text):
            pieces.append(text[position:])
        return pieces[0] if len(pieces) == 1 else self._join(pieces)

    def follow(self, key: str, text: str) -> object:
        """Expand *text*, the value of *key*, refusing to come back to a key that led here."""
        if key in self._trail:
            circle = " -> ".join([*self._trail[self._trail.index(key) :], key])
            raise ConfigurationError(f"Placeholders lead in a circle: {circle}", key=key, origin=self._origin)
        self._trail.append(key)
        try:
            return self.expand(text)
        finally:
            self._trail.pop()

    def _substitute(self, content: str) -> object:
        self._count += 1
        if self._count > MAX_SUBSTITUTIONS or len(self._trail) > MAX_SUBSTITUTIONS // 20:
            raise ConfigurationError("Placeholders refer to too many others", origin=self._origin)
        colon = _separator(content)
        name = str(self.expand(content if colon < 0 else content[:colon])).strip()
        value = self._find(name, self)
        if value is None and name.startswith("random."):
            value = _random(name)
        if value is not None:
            return value
        if colon < 0:
            raise ConfigurationError(
                f"The placeholder '${{{name}}}' names a key that is not set",
                key=name,
                origin=self._origin,
                fix=f"Set {name}, or give a default: ${{{name}:...}}.",
            )
        return self.expand(content[colon + 1 :])

    def _join(self, pieces: list[object]) -> str:
        text = "".join(piece if isinstance(piece, str) else _text(piece) for piece in pieces)
        if len(text) > MAX_LENGTH:
            raise ConfigurationError("A value with placeholders becomes too long", origin=self._origin)
        return text


def _text(piece: object) -> str:
    return str(piece).lower() if isinstance(piece, bool) else str(piece)


def _closing(text: str, position: int) -> int:
    depth = 1
    while position < len(text):
        if text.startswith(_OPEN, position):
            depth += 1
            position += 1
        elif text[position] == "}":
            depth -= 1
            if not depth:
                return position
        position += 1
    return -1


def _separator(content: str) -> int:
    depth = 0
    for position, character in enumerate(content):
        if character == "{" and content[position - 1 : position] == "$":
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character == ":" and not depth:
            return position
    return -1


def _random(name: str) -> object:
    import secrets  # only for the few applications that ask for random values

    kind, _, bounds = name.removeprefix("random.").partition("(")
    if kind == "uuid":
        import uuid

        return str(uuid.uuid4())
    if kind == "value":
        return secrets.token_hex(16)
    limits = [limit.strip() for limit in bounds.removesuffix(")").split(",")] if bounds else ["2147483648"]
    if kind != "int" or len(limits) > 2 or not all(limit.isdecimal() and len(limit) < 19 for limit in limits):
        return None
    low, high = (0, int(limits[0])) if len(limits) == 1 else map(int, limits)
    return low + secrets.randbelow(high - low) if high > low else None
