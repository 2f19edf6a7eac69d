"""The small facts that the parts of configuration hand to each other and to their users."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class RenamedKey:
    """A key of an earlier version that is still understood."""

    key: str
    replacement: str
    origin: str


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A key or variable that is set but that nobody reads, with the key that was probably meant."""

    key: str
    origin: str
    suggestion: str | None = None

    def __str__(self) -> str:
        """Return the sentence for the log."""
        hint = f" Did you mean {self.suggestion}?" if self.suggestion else ""
        return f"Unknown key {self.key} ({self.origin}).{hint}"


@dataclass(frozen=True, slots=True)
class PropertyMetadata:
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


@dataclass(frozen=True, slots=True)
class Sources:
    """Where one configuration comes from; kept so that it can be read again.

    Attributes:
        base: The directory for ``.env`` and relative imports.
        files: Pairs of a directory and a file stem with its suffixes, weakest first.
        profiles: The profiles asked for by the caller, or ``None`` to let the configuration say.
    """

    base: Path
    files: tuple[tuple[Path, str, tuple[str, ...]], ...]
    profiles: tuple[str, ...] | None
    defaults: bool
    arguments: tuple[str, ...]
