"""Properties of a test as settings that win over every other source of configuration."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from os import PathLike, fspath
from typing import Any


def settings_of(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """Return *properties* as ``--key=value`` settings.

    Values may be text, numbers, booleans, durations, enum members, paths, and mappings and lists of these.

    Raises:
        TypeError: A value is of another type.
    """
    return tuple(setting for key, value in properties.items() for setting in _settings(key, value))


def profile_settings(profiles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the settings that make exactly *profiles* active; none leave the choice to the configuration."""
    return (f"--pyfly.profiles.active={','.join(profiles)}",) if profiles else ()


def _settings(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _settings(f"{key}.{name}", inner)
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from _settings(f"{key}[{position}]", inner)
    else:
        yield f"--{key}={_text(key, value)}"


def _text(key: str, value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Enum():
            return _text(key, value.value)
        case timedelta():
            return f"{value.total_seconds():f}s"
        case str() | int() | float():
            return str(value)
        case PathLike():
            return str(fspath(value))
    raise TypeError(
        f"property {key!r} cannot be a {type(value).__qualname__}; give the text a file would hold"
    )
