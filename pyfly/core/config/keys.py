"""One key space: every spelling of a key leads to the same canonical key.

``pyfly.data.pool-size``, ``pyfly.data.pool_size``, ``pyfly.data.poolSize``, ``pyfly.data.relational.pool-size``
and the environment variable ``PYFLY_DATA_POOL_SIZE`` are one key. The canonical spelling is lower-case
kebab with dots between the segments and list positions as plain numbers.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

PREFIX: Final = "pyfly"
VARIABLE_PREFIX: Final = "PYFLY_"

ALIASES: Final = {
    "pyfly.data.relational": "pyfly.data",
    "pyfly.data.datasources.default": "pyfly.data",
    "pyfly.data.page.size": "pyfly.web.paging.default-size",
    "pyfly.data.page": "pyfly.web.paging",
}
"""Sections and keys that are other names of one, both spellings being current; the first that fits counts."""

RENAMED: Final = {
    "pyfly.web.actuator": "pyfly.actuator",
}
"""Sections of earlier versions that still work and are reported as renamed."""

_SYNONYMS: Final = {**ALIASES, **RENAMED}
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_POSITION: Final = re.compile(r"\[(\d+)\]")
_MAX_PARSED: Final = 10_000
_parsed: Final[dict[str, Key]] = {}


class Key(NamedTuple):
    """One key: its canonical spelling and the environment variables that set it, strongest first."""

    canonical: str
    variables: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The environment variable that a person should use for this key."""
        return self.variables[0]


def parse_key(text: str) -> Key:
    """Return the key that *text* names in any spelling; each spelling is worked out once."""
    key = _parsed.get(text)
    if key is None:
        canonical = resolve_synonym(canonical_key(text))
        names = (variable_name(canonical), *(variable_name(name) for name in _other_names(canonical)))
        if len(_parsed) >= _MAX_PARSED:
            _parsed.clear()
        key = _parsed[text] = Key(canonical, names)
    return key


def canonical_key(text: str) -> str:
    """Return *text* in lower-case kebab, with ``[0]`` written as ``.0`` and synonyms untouched."""
    if "[" in text:
        text = _POSITION.sub(r".\1", text)
    return ".".join(canonical_segment(segment) for segment in text.split("."))


def canonical_segment(segment: str) -> str:
    """Return one segment in lower-case kebab: ``poolSize``, ``pool_size`` and ``POOL-SIZE`` are one."""
    if not segment.islower():
        segment = _CAMEL.sub("-", segment).lower()
    return segment.replace("_", "-")


def resolve_synonym(canonical: str) -> str:
    """Return the current home of a canonical key that may lie in an aliased or renamed section."""
    for other, home in _SYNONYMS.items():
        if canonical == other:
            return home
        if canonical.startswith(other) and canonical[len(other)] == ".":
            return resolve_synonym(home + canonical[len(other) :])
    return canonical


def variable_name(canonical: str) -> str:
    """Return the environment variable of a canonical key: ``pyfly.web.port`` is ``PYFLY_WEB_PORT``."""
    inner = canonical[len(PREFIX) + 1 :] if below(PREFIX, canonical) else canonical
    if inner in ("", PREFIX):
        return VARIABLE_PREFIX.removesuffix("_")
    return VARIABLE_PREFIX + inner.replace(".", "_").replace("-", "_").upper()


def below(prefix: str, key: str) -> bool:
    """Return whether the canonical *key* lies strictly inside the section *prefix*."""
    return not prefix or key.startswith(prefix + ".")


def child(prefix: str, segment: str) -> str:
    """Return the canonical key of *segment* inside the section *prefix*."""
    return f"{prefix}.{segment}" if prefix else segment


def _other_names(canonical: str) -> list[str]:
    return [
        other + canonical[len(home) :]
        for other, home in _SYNONYMS.items()
        if canonical == home or below(home, canonical)
    ]
