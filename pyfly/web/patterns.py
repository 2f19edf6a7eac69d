"""Path patterns, compiled once: ``*`` stays inside one part of a path, ``**`` and a ``*`` at the end do not."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_TOKEN = re.compile(r"(/\*\*/|/\*\*$|\*\*|\*$|\*|\?)")
_MEANING = {
    "/**/": "/(?:[^/]+/)*",
    "/**": "(?:/.*)?",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
}


@lru_cache(maxsize=512)
def matcher(patterns: tuple[str, ...]) -> Callable[[str], object]:
    """Return the function that says whether a path fits one of *patterns*.

    ``?`` is one character and ``*`` any number of them within one part of a path; ``/**`` is everything at and
    below a path, and a ``*`` that ends a pattern is the rest of it.
    """
    return re.compile("|".join(map(_expression, patterns)) or "(?!)", re.DOTALL).fullmatch


def selector(include: Iterable[str], exclude: Iterable[str]) -> Callable[[str], bool] | None:
    """Return the function that says whether a path is selected, or ``None`` if every path is.

    What *exclude* names is not selected; of the rest, what *include* names, or all if it is empty.
    """
    wanted, unwanted = tuple(include), tuple(exclude)
    if not wanted and not unwanted:
        return None
    is_wanted, is_unwanted = matcher(wanted or ("**",)), matcher(unwanted)
    return lambda path: is_wanted(path) is not None and is_unwanted(path) is None


def _expression(pattern: str) -> str:
    parts = _TOKEN.split(pattern)
    last = len(parts) - 2
    return "".join(
        ".*" if index == last and part == "*" and not parts[-1] else _MEANING.get(part) or re.escape(part)
        for index, part in enumerate(parts)
    )
