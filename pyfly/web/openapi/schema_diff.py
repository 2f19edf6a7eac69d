"""What changed between two JSON schemas, seen from the client: what it sends, or what it receives."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

Json = Mapping[str, Any]


class Direction(Enum):
    """Whether values of a schema go to the service or come from it."""

    SENT = "sent"
    RECEIVED = "received"


SENT: Final = Direction.SENT
RECEIVED: Final = Direction.RECEIVED


class Found(NamedTuple):
    """One difference: the path inside the value, what is different, whether clients may fail because of it."""

    path: str
    what: str
    breaking: bool


_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_EXACT: Final = ("pattern", "format", "multipleOf", "const")
_FORM: Final = frozenset({"format", "const"})
_COMBINED: Final = ("anyOf", "oneOf", "allOf")


class SchemaDiff:
    """Compares schemas of two documents, each with references into its own."""

    def __init__(self, old: Json, new: Json) -> None:
        """Resolve references of old schemas in *old*, of new ones in *new*."""
        self._old, self._new = old, new

    def between(self, old: Json, new: Json, direction: Direction) -> Iterator[Found]:
        """Yield every difference from *old* to *new*; recursive schemas are compared once."""
        yield from self._between(old, new, direction, "", frozenset())

    def _between(
        self, old: Json, new: Json, direction: Direction, path: str, above: frozenset[tuple[str, str]]
    ) -> Iterator[Found]:
        pair = str(old.get("$ref", "")), str(new.get("$ref", ""))
        if pair in above and all(pair):
            return
        below = above | {pair}
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from _types(old, new, direction, path)
        yield from _enums(old, new, direction, path)
        yield from _limits(old, new, direction, path)
        yield from self._properties(old, new, direction, path, below)
        if "items" in old and "items" in new:
            yield from self._between(old["items"], new["items"], direction, f"{path}[]", below)
        for key in _COMBINED:
            yield from self._combined(old.get(key, ()), new.get(key, ()), direction, path, below)

    def _properties(
        self, old: Json, new: Json, direction: Direction, path: str, above: frozenset[tuple[str, str]]
    ) -> Iterator[Found]:
        before, after = old.get("properties", {}), new.get("properties", {})
        were, are = old.get("required", ()), new.get("required", ())
        for name, schema in before.items():
            inside = f"{path}.{name}".lstrip(".")
            if name not in after:
                yield Found(inside, "is gone", breaking=direction is RECEIVED)
                continue
            if name in are and name not in were:
                yield Found(inside, "has become required", breaking=direction is SENT)
            elif name in were and name not in are:
                yield Found(inside, "has become optional", breaking=direction is RECEIVED)
            yield from self._between(schema, after[name], direction, inside, above)
        for name in (each for each in after if each not in before):
            required = name in are and direction is SENT
            what = "is new and required" if required else "is new"
            yield Found(f"{path}.{name}".lstrip("."), what, breaking=required)

    def _combined(
        self,
        old: list[Json],
        new: list[Json],
        direction: Direction,
        path: str,
        above: frozenset[tuple[str, str]],
    ) -> Iterator[Found]:
        if len(old) == len(new):
            for before, after in zip(old, new, strict=True):
                yield from self._between(before, after, direction, path, above)
        elif len(new) > len(old):
            yield Found(path, "may take more forms", breaking=direction is RECEIVED)
        else:
            yield Found(path, "may take fewer forms", breaking=direction is SENT)


def _resolved(schema: Json, document: Json) -> Json:
    seen: set[str] = set()
    while (reference := schema.get("$ref")) is not None and reference not in seen:
        seen.add(reference)
        name = reference.rpartition("/")[2]
        schema = document.get("components", {}).get("schemas", {}).get(name, {})
    return schema


def _types(old: Json, new: Json, direction: Direction, path: str) -> Iterator[Found]:
    before, after = _types_of(old), _types_of(new)
    if before == after:
        return
    # No type at all is every type.
    narrower = bool(after) and (not before or after < before)
    wider = bool(before) and (not after or before < after)
    breaking = not (wider if direction is SENT else narrower)
    yield Found(path, f"is {_text(after)}, was {_text(before)}", breaking)


def _types_of(schema: Json) -> frozenset[str]:
    found = schema.get("type", ())
    return frozenset([found] if isinstance(found, str) else found)


def _text(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "anything"


def _enums(old: Json, new: Json, direction: Direction, path: str) -> Iterator[Found]:
    before, after = old.get("enum"), new.get("enum")
    if before == after:
        return
    if before is None or after is None:
        narrower = before is None
        what = "takes certain values only" if narrower else "takes any value"
        yield Found(path, what, breaking=narrower is (direction is SENT))
        return
    gone = [each for each in before if each not in after]
    added = [each for each in after if each not in before]
    if gone:
        yield Found(path, f"is never {_listed(gone)}", breaking=direction is SENT)
    if added:
        yield Found(path, f"may be {_listed(added)}", breaking=direction is RECEIVED)


def _listed(values: list[Any]) -> str:
    return ", ".join(repr(each) for each in values)


def _limits(old: Json, new: Json, direction: Direction, path: str) -> Iterator[Found]:
    for key in (*_UPPER, *_LOWER, *_EXACT):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        narrower = _is_narrower(key, before, after)
        what = f"{key} is {_shown(after)}, was {_shown(before)}"
        # What is received may stay within narrower limits, but must keep its form.
        yield Found(path, what, breaking=narrower if direction is SENT else key in _FORM)


def _is_narrower(key: str, before: Any, after: Any) -> bool:
    if after is None:
        return False
    if before is None or key in _EXACT:
        return True
    narrower: bool = after < before if key in _UPPER else after > before
    return narrower


def _shown(value: Any) -> str:
    return "not set" if value is None else str(value)
