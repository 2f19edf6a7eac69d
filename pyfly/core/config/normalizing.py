"""The place where other packages hang functions that bring a value into its one normal form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyfly.core.config.errors import ConfigurationError

Normalizer = Callable[[object], object]
"""Returns the normal form of a value, or raises ``ValueError`` saying what is expected."""

_by_pattern: Final[dict[str, Normalizer]] = {}
_by_key: Final[dict[str, Normalizer | None]] = {}


def add_normalizer(pattern: str, function: Normalizer) -> None:
    """Apply *function* to every value whose canonical key fits *pattern*.

    ``*`` stands for any number of segments, so ``pyfly.data.*engine`` covers each datasource.
    """
    _by_pattern[pattern] = function
    _by_key.clear()


def normalize(key: str, value: object, origin: str) -> object:
    """Return the normal form of the *value* of the canonical *key*.

    Raises:
        ConfigurationError: The value has no normal form; the error names *origin*.
    """
    if not _by_pattern:
        return value
    function = _by_key[key] if key in _by_key else _lookup(key)
    if function is None:
        return value
    try:
        return function(value)
    except ValueError as failure:
        problem = f"{key} is {value!r}, which is not understood: {failure}"
        raise ConfigurationError(
            problem, key=key, origin=origin, expected=str(failure), value=repr(value)
        ) from None


def _lookup(key: str) -> Normalizer | None:
    from fnmatch import fnmatchcase  # asked once per key, and only where a normalizer is registered

    function = next((f for pattern, f in _by_pattern.items() if fnmatchcase(key, pattern)), None)
    if len(_by_key) < 10_000:
        _by_key[key] = function
    return function
