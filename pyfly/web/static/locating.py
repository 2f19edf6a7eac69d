"""From the path of a URL to a file below a directory, or to nothing."""

import os
import stat
from pathlib import Path
from typing import Final

_LONGEST: Final = 1024
_WELL_KNOWN: Final = ".well-known"
_FORBIDDEN: Final = frozenset('\\:*?"<>|')


def parts_of(path: str) -> list[str] | None:
    """Return the parts of a URL path below a static location, or ``None`` if no file can have it.

    Parts are names, never instructions: ``.`` and ``..``, hidden files, separators of other systems, drive letters,
    control characters and text that is not UTF-8 are refused, not resolved.
    """
    if len(path) > _LONGEST:
        return None
    parts = path.split("/")
    return parts if all(map(_is_name, parts)) else None


def find_file(root: Path, parts: list[str], index: str) -> Path | None:
    """Return the regular file at *parts* below *root*, or *index* in a directory; nothing behind a symlink.

    It blocks: call it in a thread.
    """
    path = root
    for part in parts:
        path /= part
        mode = _mode(path)
        if mode is None or not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            return None
    mode = _mode(path)
    if mode is not None and stat.S_ISDIR(mode):
        path /= index
        mode = _mode(path) if index else None
    return path if mode is not None and stat.S_ISREG(mode) else None


def _mode(path: Path) -> int | None:
    try:
        return os.lstat(path).st_mode
    except (OSError, ValueError):
        return None


def _is_name(part: str) -> bool:
    if not part or (part[0] == "." and part != _WELL_KNOWN) or part[-1] in ". ":
        return False
    return part.isprintable() and _FORBIDDEN.isdisjoint(part)
