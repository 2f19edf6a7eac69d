"""Keeps secrets out of everything that is printed: by the name of a key, and by the shape of a value."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pyfly.core.config.keys import canonical_key

MASK: Final = "******"
# Texts, which `re` compiles when they are first needed: that is seldom at the start of an application.
_REVEALING: Final = r"password|passwd|secret|token|credential|apikey|passphrase|private|authorization"
_REVEALING_WORDS: Final = frozenset(
    {"key", "keys", "pwd", "pass", "pin", "salt", "cookie", "signature", "auth"}
)
_USERINFO: Final = r"([A-Za-z][A-Za-z0-9+.\-]*://[^/\s:@]*):(?!\d{1,5}/)[^\s]*@(?=[^/\s@]*(?:[/?#,\s]|$))"
_PARAMETER: Final = (
    r"(?i)([?&;](?:[^=&;\s]*(?:password|passwd|secret|token|key|pwd|signature|sig)[^=&;\s]*)=)[^&;\s]+"
)
_BEARER: Final = r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=\-]{8,}"


def is_secret_key(key: str) -> bool:
    """Return whether the name of *key* says that its value is a secret."""
    for segment in canonical_key(key).split("."):
        if re.search(_REVEALING, segment.replace("-", "")) or not _REVEALING_WORDS.isdisjoint(
            segment.split("-")
        ):
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
    text = re.sub(_USERINFO, rf"\1:{MASK}@", value)
    text = re.sub(_PARAMETER, rf"\g<1>{MASK}", text)
    return re.sub(_BEARER, rf"\1 {MASK}", text)


def shown(key: str, value: object) -> str:
    """Return *value* masked, quoted and cut to a readable length."""
    text = repr(MASK if is_secret_key(key) and value not in (None, "") else mask(key, value))
    return text if len(text) <= 80 else text[:77] + "..."
