"""Reads ``pyfly.logging.*`` and refuses what is not understood, before anything is changed."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final, Self

from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.nearest import nearest
from pyfly.kernel.record import Record, attribute
from pyfly.kernel.types import Settings

LEVELS: Final[Mapping[str, int]] = {
    "NOTSET": logging.NOTSET,
    "TRACE": 5,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "WARNING": logging.WARNING,
    "ERROR": logging.ERROR,
    "FATAL": logging.CRITICAL,
    "CRITICAL": logging.CRITICAL,
    "OFF": logging.CRITICAL + 10,
}
FORMATS: Final = ("console", "json", "ecs", "logstash")
COLORS: Final = ("auto", "always", "never")

_LEVEL_KEY: Final = "pyfly.logging.level"
_BOOLEAN_COLORS: Final = {"true": "always", "on": "always", "false": "never", "off": "never"}


class LoggingSettingError(PyFlyException, ValueError):
    """A logging setting has a value that nobody knows.

    Attributes:
        key: The configuration key, or what the value was meant for.
        value: What was found.
        known: The values that would have been understood.
    """

    def __init__(self, key: str, value: object, known: tuple[str, ...]) -> None:
        """Report *value*, found under *key*, where one of *known* was expected."""
        super().__init__(f"{key} is {value!r}; expected one of {', '.join(known)}.")
        self.key = key
        self.value = value
        self.known = known

    def __reduce__(self) -> tuple[type[Self], tuple[str, object, tuple[str, ...]]]:
        """Keep the parts when the error crosses a process boundary."""
        return type(self), (self.key, self.value, self.known)


@diagnose.register
def _explain(failure: LoggingSettingError) -> Diagnosis:
    close = nearest(str(failure.value), failure.known)
    hint = f"Did you mean {close}? " if close else ""
    return Diagnosis(
        what=f"{failure.key} is {failure.value!r}, which is not known.",
        fix=(f"{hint}Set {failure.key} to one of {', '.join(failure.known)}.",),
    )


class LoggingSettings(Record, kw_only=True):
    """Everything under ``pyfly.logging``, checked."""

    root: int = logging.INFO
    levels: Mapping[str, int] = attribute(default_factory=dict)
    format: str = "console"
    color: str = "auto"
    service: str = ""
    production: bool = False

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """Take the values from *settings*; what is absent has its default.

        Raises:
            LoggingSettingError: A value is unknown.
        """
        root, levels = _read_levels(settings)
        color = str(settings.get("pyfly.logging.color", "auto")).lower()
        return cls(
            root=root,
            levels=levels,
            format=_choice("pyfly.logging.format", settings.get("pyfly.logging.format", "console"), FORMATS),
            color=_choice("pyfly.logging.color", _BOOLEAN_COLORS.get(color, color), COLORS),
            service=str(settings.get("pyfly.app.name", "")),
            production="production" in _profiles(settings.get("pyfly.profiles.active")),
        )


def level_number(value: object, key: str = "level") -> int:
    """Return the number of a level given by name in any case, or by number.

    Raises:
        LoggingSettingError: There is no such level.
    """
    if value is False:  # YAML reads a bare OFF as a boolean
        return LEVELS["OFF"]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    name = str(value).strip().upper()
    if name.isdecimal():
        return int(name)
    if name not in LEVELS:
        raise LoggingSettingError(key, value, tuple(LEVELS))
    return LEVELS[name]


def _read_levels(settings: Settings) -> tuple[int, Mapping[str, int]]:
    declared = settings.get(_LEVEL_KEY)
    if not isinstance(declared, Mapping):
        declared = {} if declared is None else {"root": declared}
    names = dict(_flatten(declared))
    # Asked for one by one, because an environment variable replaces a single level.
    names["root"] = settings.get(f"{_LEVEL_KEY}.root", names.get("root", "INFO"))
    numbers = {
        name: level_number(settings.get(f"{_LEVEL_KEY}.{name}", value), f"{_LEVEL_KEY}.{name}")
        for name, value in names.items()
    }
    return numbers.pop("root"), numbers


def _flatten(levels: Mapping[Any, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in levels.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{name}.")
        elif value is not None:
            yield name, value


def _choice(key: str, value: object, known: tuple[str, ...]) -> str:
    name = str(value).strip().lower()
    if name not in known:
        raise LoggingSettingError(key, value, known)
    return name


def _profiles(active: object) -> list[str]:
    names = active.split(",") if isinstance(active, str) else active
    return [str(name).strip() for name in names] if isinstance(names, list | tuple) else []
