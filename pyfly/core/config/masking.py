"""Keeps secrets out of everything that is printed: by the name of a key, and by the shape of a value."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pyfly.core.config.keys import canonical_key

MASK: Final = "******"
_SECRET_PART: Final = re.compile(
    r"password|passwd|secret|token|credential|apikey|passphrase|private|authorization"
)
_SECRET_WORD: Final = frozenset({"key", "keys", "pwd", "pass", "pin", "salt", "cookie", "signature", "auth"})
_USERINFO: Final = re.compile(
    r"([A-Za-z][A-Za-z0-9+.\-]*://[^/\s:@]*):(?!\d{1,5}/)[^\s]*@(?=[^/\s@]*(?:[/?#,\s]|$))"
)
_PARAMETER: Final = re.compile(
    r"([?&;](?:[^=&;\s]*(?:password|passwd|secret|token|key|pwd|signature|sig)[^=&;\s]*)=)[^&;\s]+",
    re.IGNORECASE,
)
_BEARER: Final = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=\-]{8,}", re.IGNORECASE)


def is_secret_key(key: str) -> bool:
    """Return whether the name of *key* says that its value is a secret."""
    for segment in canonical_key(key).split("."):
        if _SECRET_PART.search(segment.replace("-", "")) or not _SECRET_WORD.isdisjoint(segment.split("-")):
            return True
    return False


def mask(key: str, value: Any) -> Any:
    """Return *value* fit for logs, endpoints and error messages.

    What is set under a secret's name becomes ``******``; passwords in URLs and query parameters are
    replaced wherever they occur. Sections and lists are masked inside.
    """
    if isinstance(value, Mapping):
        return {name: mask(f"{key}.{name}", inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask(key, inner) for inner in value]
    if value is None or isinstance(value, bool) or value == "":
        return value
    if is_secret_key(key):
        return MASK
    if not isinstance(value, str):
        return value
    text = _USERINFO.sub(rf"\1:{MASK}@", value)
    text = _PARAMETER.sub(rf"\g<1>{MASK}", text)
    return _BEARER.sub(rf"\1 {MASK}", text)


def shown(key: str, value: object) -> str:
    """Return *value* masked, quoted and cut to a readable length."""
    text = repr(MASK if is_secret_key(key) and value not in (None, "") else mask(key, value))
    return text if len(text) <= 80 else text[:77] + "..."
