"""The small facts that the parts of configuration hand to each other and to their users."""

from __future__ import annotations

from typing import Any, NamedTuple


class RenamedKey(NamedTuple):
    """A key of an earlier version that is still understood."""

    key: str
    replacement: str
    origin: str


class UnknownKey(NamedTuple):
    """A key or variable that is set but that nobody reads, with the key that was probably meant."""

    key: str
    origin: str
    suggestion: str | None = None

    def __str__(self) -> str:
        """Return the sentence for the log."""
        hint = f" Did you mean {self.suggestion}?" if self.suggestion else ""
        return f"Unknown key {self.key} ({self.origin}).{hint}"


class Setting(NamedTuple):
    """A key that has a value, fit to be shown, and where it was set.

    What sets no known key is called by the name of its environment variable.
    """

    key: str
    value: Any
    origin: str


class PropertyMetadata(NamedTuple):
    """One key that can be set.

    Attributes:
        key: The canonical key; ``*`` stands for one name or list position, ``**`` for anything below.
        type: The type in words.
        default: The default value; ``None`` also when there is none.
        required: Whether there is no default.
        doc: One or two sentences.
        deprecated: Whether the key should not be used any more.
        replacement: The key to use instead, or ``""``.
    """

    key: str
    type: str
    default: Any = None
    required: bool = False
    doc: str = ""
    deprecated: bool = False
    replacement: str = ""
