"""``Content-Disposition``: file names that cannot leave their header, nor the folder they are saved in (RFC 6266)."""

from typing import Final
from urllib.parse import quote

_LONGEST: Final = 200
_UNSAFE: Final = frozenset('\\/:*?"<>|')
_ATTR_CHARS: Final = "!#$&+-.^_`|~"


def content_disposition(filename: str | None, *, inline: bool = False) -> str:
    """Return the value of the header for a download called *filename*.

    Separators of folders, quotes and control characters become underscores, so that names may come from users.
    """
    kind = "inline" if inline else "attachment"
    if filename is None:
        return kind
    name = safe_filename(filename)
    plain = "".join(char if char.isascii() and char != "%" else "_" for char in name)
    if plain == name:
        return f'{kind}; filename="{name}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHARS)}"


def safe_filename(name: str) -> str:
    """Return *name* without anything that is not a plain part of a file name."""
    kept = "".join(_safe(char) for char in name[:_LONGEST]).strip(" .")
    return kept or "download"


def _safe(char: str) -> str:
    # Not printable: control characters, line separators, lone surrogates, and marks that turn the text around.
    return "_" if char in _UNSAFE or not (char.isprintable() or char == " ") else char
