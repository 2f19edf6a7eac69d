"""Brings values that people write in many ways into the one form that the framework compares.

Importing this module makes the built-in normalizers known; ``@normalizer("pattern")`` adds another.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from pyfly.core.config.coercion import parse_bool
from pyfly.core.config.normalizing import add_normalizer
from pyfly.logging.settings import LEVELS

F = TypeVar("F", bound=Callable[[object], object])

ENGINES: Final = {
    "sqlite": ("sqlite", "sqlite3"),
    "postgresql": ("postgresql", "postgres", "pg", "pgsql", "psql"),
    "mariadb": ("mariadb", "mysql", "maria"),
    "mongodb": ("mongodb", "mongo"),
}
"""Database engines and what people call them; MySQL is spoken to with MariaDB's protocol."""

_ENGINE_OF: Final = {alias: engine for engine, aliases in ENGINES.items() for alias in aliases}
_OTHER_LEVELS: Final = {"WARN": "WARNING", "FATAL": "CRITICAL", "FALSE": "OFF"}


def normalizer(pattern: str) -> Callable[[F], F]:
    """Apply the decorated function to every value whose key fits *pattern*, in ``get`` and in ``bind``.

    ``*`` stands for any number of segments. The function returns the normal form, or raises
    ``ValueError`` with what it expects.
    """

    def decorate(function: F) -> F:
        add_normalizer(pattern, function)
        return function

    return decorate


@normalizer("pyfly.data.*engine")
def engine(value: object) -> str:
    """Return the name of the database engine: ``pg``, ``Postgres`` and ``postgresql`` are one."""
    found = _ENGINE_OF.get(str(value).strip().lower())
    if found is None:
        raise ValueError(f"one of {', '.join(ENGINES)}")
    return found


@normalizer("pyfly.logging.level.*")
def log_level(value: object) -> object:
    """Return the name of the log level in capitals; a bare ``off`` in YAML means ``OFF``."""
    text = str(value).strip().upper()
    if text.isdecimal():
        return int(text)
    found = _OTHER_LEVELS.get(text, text)
    if found not in LEVELS:
        raise ValueError(f"one of {', '.join(LEVELS)}")
    return found


@normalizer("pyfly.*.enabled")
def switch(value: object) -> object:
    """Return a truth value as ``true`` or ``false``; switches may also say ``auto``."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("", "auto"):
        return text
    return "true" if parse_bool(text) else "false"
