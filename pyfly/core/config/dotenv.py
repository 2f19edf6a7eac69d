"""Reads ``.env`` files: ``NAME=value`` lines with comments, quotes and an optional ``export``."""

import re
from typing import Final

from pyfly.core.config.errors import ConfigurationError

_LINE: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "$": "$"}


def read_dotenv(text: str, name: str) -> dict[str, str]:
    """Return the variables of *text*; values are literal, nothing in them is expanded.

    Raises:
        ConfigurationError: A line is neither empty, a comment nor ``NAME=value``.
    """
    variables: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        match = _LINE.fullmatch(content)
        if match is None:
            raise ConfigurationError("A line is not of the form NAME=value", origin=f"{name}:{number}")
        variables[match[1]] = _unquoted(match[2])
    return variables


def _unquoted(text: str) -> str:
    quote = text[:1]
    if quote in ("'", '"'):
        end = _closing_quote(text, quote)
        if end > 0:
            inner = text[1:end]
            return inner if quote == "'" else re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), inner)
    return re.split(r"\s+#", text, maxsplit=1)[0].rstrip()


def _closing_quote(text: str, quote: str) -> int:
    position = 1
    while position < len(text):
        if text[position] == "\\" and quote == '"':
            position += 1
        elif text[position] == quote:
            return position
        position += 1
    return -1
