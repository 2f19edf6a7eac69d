"""The check of everything that is set against everything that is read."""

import os
from collections.abc import Iterable

from pyfly.core.config.config import Config
from pyfly.core.config.errors import ConfigurationError, ConfigurationErrors
from pyfly.core.config.keys import RENAMED, parse_key, variable_name
from pyfly.core.config.loading import framework_defaults
from pyfly.core.config.records import PropertyMetadata, RenamedKey, UnknownKey
from pyfly.core.config.reference import known_properties
from pyfly.core.config.tree import leaves
from pyfly.kernel.record import Record


class KeyReport(Record):
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
    for old, new in RENAMED.items():
        prefix = variable_name(old) + "_"
        for name in sorted(os.environ):
            if name.startswith(prefix):
                yield RenamedKey(name, f"{variable_name(new)}_{name.removeprefix(prefix)}", "environment")


def _as_error(found: UnknownKey) -> ConfigurationError:
    fix = f"Use {found.suggestion} instead of {found.key}." if found.suggestion else f"Remove {found.key}."
    return ConfigurationError(f"{found.key} is not a known key", key=found.key, origin=found.origin, fix=fix)
