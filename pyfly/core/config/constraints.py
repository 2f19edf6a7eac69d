"""Checks the ``annotated_types`` constraints of a field and says in words what they demand."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any


def violated(value: Any, metadata: Iterable[Any]) -> str | None:
    """Return what the first broken constraint demands (``at least 1``), or ``None``."""
    if value is None:
        return None
    return next((text for text, holds in _checks(value, metadata) if not holds), None)


def described(metadata: Iterable[Any]) -> dict[str, Any]:
    """Return the constraints as JSON Schema keywords."""
    found: dict[str, Any] = {}
    for constraint in _flat(metadata):
        for attribute, keyword in _KEYWORDS.items():
            limit = getattr(constraint, attribute, None)
            if limit is not None:
                found[keyword] = limit
    return found


_KEYWORDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
}


def _checks(value: Any, metadata: Iterable[Any]) -> Iterator[tuple[str, bool]]:
    for constraint in _flat(metadata):
        limits = {name: limit for name in _KEYWORDS if (limit := getattr(constraint, name, None)) is not None}
        for name, limit in limits.items():
            yield _check(name, limit, value)
        predicate = getattr(constraint, "func", None)
        if predicate is not None and type(constraint).__name__ == "Predicate":
            yield (
                f"a value for which {getattr(predicate, '__name__', 'the predicate')} holds",
                bool(predicate(value)),
            )


def _check(name: str, limit: Any, value: Any) -> tuple[str, bool]:  # noqa: PLR0911 - a table
    match name:
        case "ge":
            return f"at least {limit}", value >= limit
        case "gt":
            return f"more than {limit}", value > limit
        case "le":
            return f"at most {limit}", value <= limit
        case "lt":
            return f"less than {limit}", value < limit
        case "multiple_of":
            return f"a multiple of {limit}", value % limit == 0
        case "min_length":
            return f"at least {limit} long", len(value) >= limit
        case "max_length":
            return f"at most {limit} long", len(value) <= limit
    import re  # patterns are rare

    return f"a text that matches {limit}", re.search(limit, str(value)) is not None


def _flat(metadata: Iterable[Any]) -> Iterator[Any]:
    known = sys.modules.get("annotated_types")
    for item in metadata:
        if known is not None and isinstance(item, known.GroupedMetadata):
            yield from _flat(item)
        elif hasattr(item, "metadata") and isinstance(item.metadata, list):
            yield from _flat(item.metadata)  # pydantic's Field(ge=1) inside Annotated
        else:
            yield item
