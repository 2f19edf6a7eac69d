"""Finds keys that nobody reads and says which key was probably meant."""

import os
from collections.abc import Iterable, Sequence
from typing import Final

from pyfly.core.config.keys import below, canonical_key, parse_key, resolve_synonym
from pyfly.core.config.records import UnknownKey
from pyfly.core.config.spelling import closest

_FOREIGN_DISTANCE: Final = 2


def unknown_among(set_keys: Sequence[tuple[str, str]], known: Iterable[str]) -> list[UnknownKey]:
    """Return those of the ``(canonical key, origin)`` pairs that no pattern of *known* covers."""
    patterns = [resolve_synonym(canonical_key(key)) for key in known]
    exact = set(patterns)
    split = [pattern.split(".") for pattern in patterns if "*" in pattern]
    found = []
    for key, origin in set_keys:
        if _is_known(key, exact, split):
            continue
        inside = below("pyfly", key)
        suggestion = closest(key, patterns, limit=None if inside else _FOREIGN_DISTANCE)
        if inside or suggestion is not None:
            found.append(UnknownKey(key, origin, suggestion))
    return found


def unknown_variables(set_keys: Sequence[str], known: Iterable[str]) -> list[UnknownKey]:
    """Return the ``PYFLY_*`` variables of sections of the framework that set nothing.

    Variables of other sections may belong to the application, so they are left alone.
    """
    keys = [resolve_synonym(canonical_key(key)) for key in (*known, *set_keys)]
    names: dict[str, str] = {}
    open_ended: list[tuple[str, str]] = []
    for key in keys:
        fixed = key.split(".*")[0]
        for variable in parse_key(fixed).variables:
            names[variable] = fixed
            if fixed != key:
                open_ended.append((variable + "_", key))
    sections = {key.split(".")[1].replace("-", "_").upper() for key in keys if below("pyfly", key)}
    found = []
    for variable in sorted(name for name in os.environ if name.startswith("PYFLY_")):
        rest = variable.removeprefix("PYFLY_")
        if not any(rest.startswith(section + "_") for section in sections) or _sets(
            variable, names, open_ended
        ):
            continue
        nearest_name = closest(variable, names, limit=None)
        suggestion = names[nearest_name] if nearest_name else None
        hint = parse_key(suggestion).variable if suggestion else None
        found.append(UnknownKey(variable, "environment", hint))
    return found


def _sets(variable: str, names: dict[str, str], open_ended: Sequence[tuple[str, str]]) -> bool:
    head, _, last = variable.rpartition("_")
    if variable in names or (last.isdigit() and head in names):
        return True
    return any(variable.startswith(prefix) and _ends_like(variable, key) for prefix, key in open_ended)


def _ends_like(variable: str, key: str) -> bool:
    tail = key.rpartition("*")[2]
    return not tail or variable.endswith(tail.replace(".", "_").replace("-", "_").upper())


def _is_known(key: str, exact: set[str], split: Sequence[Sequence[str]]) -> bool:
    segments = key.split(".")
    while segments[-1].isdigit():
        if ".".join(segments) in exact:
            return True
        segments.pop()
    if ".".join(segments) in exact:
        return True
    return any(_fits(segments, pattern) or _fits(key.split("."), pattern) for pattern in split)


def _fits(segments: Sequence[str], pattern: Sequence[str]) -> bool:
    for position, expected in enumerate(pattern):
        if expected == "**":
            return len(segments) >= position
        if position == len(segments) or expected not in ("*", segments[position]):
            return False
    return len(segments) == len(pattern)
