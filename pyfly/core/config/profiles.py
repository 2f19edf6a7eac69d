"""Which profiles are active, what a group of them stands for, and whether an expression accepts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pyfly.core.config.errors import ConfigurationError

ACTIVE: Final = "pyfly.profiles.active"
DEFAULT: Final = "pyfly.profiles.default"
GROUP: Final = "pyfly.profiles.group"
_NAME: Final = re.compile(r"[\w.+@-]+")
_NAME_FIX: Final = "Use letters, digits, dots, dashes and underscores."
_TOKEN: Final = re.compile(r"\s*([!&|(),]|[^\s!&|(),]+)")


def profile_names(value: object) -> list[str]:
    """Return the names in a comma-separated text or a list, trimmed, blanks and repetitions dropped."""
    parts = value if isinstance(value, list | tuple) else str(value or "").split(",")
    return list(dict.fromkeys(name for part in parts if (name := str(part).strip())))


def expand_groups(names: Iterable[str], members: Callable[[str], object]) -> tuple[str, ...]:
    """Return *names*, each followed by the members of the group it names, every profile once.

    Args:
        names: The profiles that were asked for.
        members: Gives the setting ``pyfly.profiles.group.<name>``, or ``None``.

    Raises:
        ConfigurationError: A name has characters that do not belong into the name of a file.
    """
    found: dict[str, None] = {}

    def add(name: str) -> None:
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"'{name}' is not a profile name", key=ACTIVE, fix=_NAME_FIX)
        if name not in found:
            found[name] = None
            for member in profile_names(members(name)):
                add(member)

    for name in names:
        add(name)
    return tuple(found)


def accepts_profiles(expression: str, active: Sequence[str]) -> bool:
    """Return whether *expression* is true for the *active* profiles.

    An expression is built of names, ``!`` (not), ``&`` (and), ``|`` or ``,`` (or) and parentheses.

    Raises:
        ConfigurationError: The expression is not well formed.
    """
    return _Expression(expression, active).value()


class _Expression:
    """Evaluates while it parses; there is nothing in the language that could run code."""

    def __init__(self, text: str, active: Sequence[str]) -> None:
        self._text = text
        self._tokens = _TOKEN.findall(text)
        self._active = frozenset(active)
        self._position = 0

    def value(self) -> bool:
        """Return the truth of the whole text."""
        result = self._either()
        if self._position != len(self._tokens):
            raise self._malformed()
        return result

    def _either(self, depth: int = 0) -> bool:
        result = self._both(depth)
        while self._take("|") or self._take(","):
            result = self._both(depth) or result
        return result

    def _both(self, depth: int) -> bool:
        result = self._single(depth)
        while self._take("&"):
            result = self._single(depth) and result
        return result

    def _single(self, depth: int) -> bool:
        if depth > 50:
            raise self._malformed()
        if self._take("!"):
            return not self._single(depth + 1)
        if self._take("("):
            result = self._either(depth + 1)
            if not self._take(")"):
                raise self._malformed()
            return result
        if self._position == len(self._tokens) or self._tokens[self._position] in "!&|(),":
            raise self._malformed()
        self._position += 1
        return self._tokens[self._position - 1] in self._active

    def _take(self, token: str) -> bool:
        if self._position < len(self._tokens) and self._tokens[self._position] == token:
            self._position += 1
            return True
        return False

    def _malformed(self) -> ConfigurationError:
        return ConfigurationError(
            f"The profile expression '{self._text}' is not well formed",
            fix="Use names with ! & | , and parentheses, for example 'prod & !eu'.",
        )
