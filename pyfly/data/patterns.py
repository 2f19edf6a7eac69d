"""Patterns of LIKE for stores that have no such thing."""

import re


def like_parts(pattern: str) -> list[str]:
    """Return *pattern* piece by piece: ``%``, ``_``, and characters, which a backslash makes of those two."""
    return re.findall(r"\\.|.", pattern, re.DOTALL)


def like_expression(pattern: str) -> str:
    """Return the regular expression, without anchors, for *pattern*."""
    translated = {"%": ".*", "_": "."}
    return "".join(translated.get(part) or re.escape(part[-1]) for part in like_parts(pattern))
