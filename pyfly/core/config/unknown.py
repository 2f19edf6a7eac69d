"""Finds keys that nobody reads and says which key was probably meant."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyfly.core.config.config import Config
from pyfly.core.config.errors import ConfigurationError, ConfigurationErrors
from pyfly.core.config.keys import below, canonical_key, parse_key, resolve_synonym
from pyfly.core.config.records import PropertyMetadata, RenamedKey, UnknownKey
from pyfly.core.config.spelling import closest

_FOREIGN_DISTANCE: Final = 2


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What is odd about the keys that are set.

    Attributes:
        unknown: Keys and variables that nobody reads.
        renamed: Keys under a name of an earlier version.
        deprecated: Keys that should not be set any more.
        ambiguous: Sentences about variables that set several keys at once.
    """

    unknown: tuple[UnknownKey, ...] = ()
    renamed: tuple[RenamedKey, ...] = ()
    deprecated: tuple[RenamedKey, ...] = ()
    ambiguous: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[str, ...]:
        """One sentence per finding, for the log."""
        return (
            *map(str, self.unknown),
            *(f"{k.key} ({k.origin}) has been renamed; use {k.replacement}." for k in self.renamed),
            *(
                f"{k.key} ({k.origin}) is deprecated{f'; use {k.replacement}' if k.replacement else ''}."
                for k in self.deprecated
            ),
            *self.ambiguous,
        )


def check_keys(config: Config, classes: Iterable[type]) -> KeyReport:
    """Compare what is set with what *classes* and the framework read.

    Keys below ``pyfly.`` must be known; keys elsewhere are reported only when they look like a
    mistyped key of *classes*.

    Raises:
        ConfigurationErrors: There are unknown keys and ``pyfly.config.strict`` is on.
    """
    from pyfly.core.config.loading import framework_defaults  # keeps this module importable without files
    from pyfly.core.config.reference import known_properties
    from pyfly.core.config.tree import leaves

    known = known_properties(classes)
    shipped = [key for key, _ in leaves(framework_defaults().tree)]
    unknown = config.unknown_keys([*(entry.key for entry in known), *shipped])
    if unknown:
        known = [*known, *known_properties()]
        unknown = config.unknown_keys([*(entry.key for entry in known), *shipped])
    strict = config.get("pyfly.config.strict", default=False, type=bool)
    if unknown and strict:
        raise ConfigurationErrors(_as_error(found) for found in unknown)
    return KeyReport(
        tuple(unknown),
        (*config.renamed_keys, *_renamed_variables()),
        tuple(_deprecated(config, known)),
        tuple(_ambiguous(config, (entry.key for entry in known))),
    )


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


def _ambiguous(config: Config, known: Iterable[str]) -> Iterable[str]:
    keys_of: dict[str, list[str]] = {}
    for key in sorted({*known, *config.keys()}):
        keys_of.setdefault(parse_key(key).variable, []).append(key)
    for variable, keys in keys_of.items():
        if len(keys) > 1 and variable in os.environ:
            yield f"{variable} sets {' and '.join(keys)} at once; set one of them in a file instead."


def _deprecated(config: Config, known: Iterable[PropertyMetadata]) -> Iterable[RenamedKey]:
    for entry in known:
        if entry.deprecated and "*" not in entry.key and (origin := config.origin(entry.key)):
            yield RenamedKey(entry.key, entry.replacement, origin)


def _renamed_variables() -> Iterable[RenamedKey]:
    from pyfly.core.config.keys import RENAMED, variable_name

    for old, new in RENAMED.items():
        prefix = variable_name(old) + "_"
        for name in sorted(os.environ):
            if name.startswith(prefix):
                yield RenamedKey(name, f"{variable_name(new)}_{name.removeprefix(prefix)}", "environment")


def _as_error(found: UnknownKey) -> ConfigurationError:
    fix = f"Use {found.suggestion} instead of {found.key}." if found.suggestion else f"Remove {found.key}."
    return ConfigurationError(f"{found.key} is not a known key", key=found.key, origin=found.origin, fix=fix)
