"""Path templates: ``/owners/{owner_id:int}/pets``."""

import re
from collections.abc import Callable
from typing import Final

from pyfly.kernel.record import Record


class TemplateError(ValueError):
    """A path template cannot be understood."""


class Variable(Record):
    """A variable of a template and the values that it takes."""

    name: str
    converter: str


Segment = str | Variable

CONVERTERS: Final[dict[str, Callable[[str], object]]] = {
    "int": re.compile(r"-?[0-9]+").fullmatch,
    "float": re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch,
    "uuid": re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}").fullmatch,
    "str": bool,
    "path": bool,
}
"""What each converter accepts; ``path`` takes the rest of the path, slashes included."""

_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z]+))?\}")


def parse_template(path: str) -> tuple[Segment, ...]:
    """Return the segments of *path*.

    Raises:
        TemplateError: It does not start with a slash, or a variable is malformed, repeated or misplaced.
    """
    if not path.startswith("/"):
        raise TemplateError(f"the path '{path}' must start with '/'")
    segments = tuple(_segment(part, path) for part in path[1:].split("/"))
    names = [item.name for item in segments if isinstance(item, Variable)]
    if len(names) != len(set(names)):
        raise TemplateError(f"a variable occurs twice in '{path}'")
    if any(isinstance(item, Variable) and item.converter == "path" for item in segments[:-1]):
        raise TemplateError(f"only the last segment of '{path}' can take the rest of the path")
    return segments


def without_converters(path: str) -> str:
    """Return *path* with plain variables, as OpenAPI wants it."""
    return _VARIABLE.sub(r"{\1}", path)


def shape_of(path: str) -> str:
    """Return *path* with nameless variables: two routes of one shape cannot be told apart."""
    return _VARIABLE.sub(lambda found: "{:" + (found[2] or "str") + "}", path)


def join(base: str, path: str) -> str:
    """Return *path* below *base*, never empty."""
    below = path if not path or path.startswith("/") else f"/{path}"
    return (base.rstrip("/") + below) or "/"


def _segment(part: str, path: str) -> Segment:
    found = _VARIABLE.fullmatch(part)
    if found is None:
        if "{" in part or "}" in part:
            raise TemplateError(f"'{part}' in '{path}' is neither text nor a variable")
        return part
    converter = found[2] or "str"
    if converter not in CONVERTERS:
        raise TemplateError(
            f"unknown converter '{converter}' in '{path}'; known: {', '.join(sorted(CONVERTERS))}"
        )
    return Variable(found[1], converter)
