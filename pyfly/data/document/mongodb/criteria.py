"""Conditions as MongoDB filters, with the logic of SQL: what has no value is neither this nor that.

Values only ever stand behind an operator, so none can be taken for one.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from bson.regex import Regex

from pyfly.data.document.mongodb.model import DocumentModel, Filter
from pyfly.data.entity_root import said
from pyfly.data.exceptions import UnfitValueError
from pyfly.data.patterns import like_expression
from pyfly.data.specification import All, Condition, Either, Negation, Specification

ALWAYS: Final[Filter] = {}
NEVER: Final[Filter] = {"_id": {"$in": []}}

_TEXT: Final = ("like", "not_like", "containing", "not_containing", "starting_with", "ending_with")
_CASELESS: Final = ("eq", "not", "in", "not_in", *_TEXT)
_WITHOUT_VALUES: Final = ("is_null", "is_not_null", "is_true", "is_false", "is_empty", "is_not_empty")


class Verdict(NamedTuple):
    """A condition: of which documents it holds, and of which it does not. Some are in neither."""

    holds: Filter
    fails: Filter


Criterion = Callable[[Sequence[Any]], Verdict]
"""Takes the values of a condition and gives its verdict."""

_UNKNOWN: Final = Verdict(NEVER, NEVER)


def criterion(model: DocumentModel[Any], path: str, operator: str, *, ignore_case: bool = False) -> Criterion:
    """Return the condition that the property at *path* stands in the relation *operator* to values.

    Raises:
        ValueError: The operator does not fit the property.
    """
    _check(model, path, operator, ignore_case=ignore_case)
    key = model.key(path)
    if operator in _WITHOUT_VALUES:
        verdict = _PLAIN[operator](key)
        return lambda _values: verdict
    if operator in _TEXT:
        return _textual(key, operator, ignore_case=ignore_case)
    if operator in ("in", "not_in"):
        return _among(model, path, is_in=operator == "in", ignore_case=ignore_case)
    if operator == "between":
        return _between(model, path)
    return _compared(model, path, operator, ignore_case=ignore_case)


def verdict_on(specification: Specification[Any], model: DocumentModel[Any]) -> Verdict | None:
    """Return what *specification* says about documents of *model*; ``None`` if it says nothing.

    Raises:
        UnknownPropertyError: It names something that does not exist.
        ValueError: An operator does not fit its property.
    """
    if isinstance(specification, Condition):
        path = model.require(specification.field)
        found = criterion(model, path, specification.operator, ignore_case=specification.ignore_case)
        return found(specification.values)
    if isinstance(specification, All):
        parts = [part for each in specification.parts if (part := verdict_on(each, model)) is not None]
        if not parts:
            return None
        return either(parts) if isinstance(specification, Either) else both(parts)
    if isinstance(specification, Negation):
        inner = verdict_on(specification.part, model)
        return None if inner is None else Verdict(inner.fails, inner.holds)
    meant = said(specification)
    return None if meant is None else verdict_on(meant, model)


def equal(model: DocumentModel[Any], path: str, value: Any) -> Filter:
    """Return the filter for documents whose property at *path* is *value*; ``None``: has no value."""
    return {model.key(path): {"$eq": model.value(path, value)}}


def both(verdicts: Sequence[Verdict]) -> Verdict:
    """Return that all of *verdicts* hold."""
    return Verdict(all_of(v.holds for v in verdicts), any_of(v.fails for v in verdicts))


def either(verdicts: Sequence[Verdict]) -> Verdict:
    """Return that one of *verdicts* holds."""
    return Verdict(any_of(v.holds for v in verdicts), all_of(v.fails for v in verdicts))


def all_of(filters: Iterable[Filter]) -> Filter:
    """Return the filter for documents that pass all of *filters*."""
    parts = [each for each in filters if each]
    if not parts:
        return ALWAYS
    return parts[0] if len(parts) == 1 else {"$and": parts}


def any_of(filters: Iterable[Filter]) -> Filter:
    """Return the filter for documents that pass one of *filters*."""
    parts = list(filters)
    if not all(parts):
        return ALWAYS
    return parts[0] if len(parts) == 1 else {"$or": parts}


def _check(model: DocumentModel[Any], path: str, operator: str, *, ignore_case: bool) -> None:
    if (operator in _TEXT or ignore_case) and not model.is_text(path):
        raise ValueError(f"'{path}' is not text")
    if ignore_case and operator not in (*_CASELESS, "is_null", "is_not_null"):
        raise ValueError(f"'{operator}' cannot ignore case")


_PLAIN: Final[dict[str, Callable[[str], Verdict]]] = {
    "is_null": lambda key: Verdict({key: None}, {key: {"$ne": None}}),
    "is_not_null": lambda key: Verdict({key: {"$ne": None}}, {key: None}),
    "is_true": lambda key: Verdict({key: {"$eq": True}}, {key: {"$ne": True}}),
    "is_false": lambda key: Verdict({key: {"$eq": False}}, {key: {"$ne": False}}),
    "is_empty": lambda key: Verdict({key: {"$in": ["", []]}}, {key: {"$nin": ["", [], None]}}),
    "is_not_empty": lambda key: Verdict({key: {"$nin": ["", [], None]}}, {key: {"$in": ["", []]}}),
}

_COMPARED: Final[dict[str, tuple[str, str]]] = {
    "gt": ("$gt", "$lte"),
    "gte": ("$gte", "$lt"),
    "lt": ("$lt", "$gte"),
    "lte": ("$lte", "$gt"),
}

_EXPRESSIONS: Final[dict[str, Callable[[str], str]]] = {
    "like": lambda text: rf"^{like_expression(text)}$(?!\n)",
    "containing": re.escape,
    "starting_with": lambda text: f"^{re.escape(text)}",
    "ending_with": lambda text: rf"{re.escape(text)}$(?!\n)",
}


def _compared(model: DocumentModel[Any], path: str, operator: str, *, ignore_case: bool) -> Criterion:
    key = model.key(path)

    def found(values: Sequence[Any]) -> Verdict:
        if values[0] is None:
            # As a value, and only for these two, None means: has no value.
            meaning = {"eq": "is_null", "not": "is_not_null"}.get(operator)
            return _UNKNOWN if meaning is None else _PLAIN[meaning](key)
        if operator in _COMPARED:
            holds, fails = _COMPARED[operator]
            value = model.value(path, values[0])
            return Verdict({key: {holds: value}}, {key: {fails: value}})
        if ignore_case:
            equals = _matches(key, _caseless(values[0]))
        else:
            wanted = model.value(path, values[0])
            equals = Verdict({key: {"$eq": wanted}}, {key: {"$nin": [wanted, None]}})
        return equals if operator == "eq" else Verdict(equals.fails, equals.holds)

    return found


def _among(model: DocumentModel[Any], path: str, *, is_in: bool, ignore_case: bool) -> Criterion:
    key = model.key(path)

    def found(values: Sequence[Any]) -> Verdict:
        wanted = [value for value in _collection(values[0]) if value is not None]
        if not wanted:
            verdict = Verdict(NEVER, ALWAYS)
        elif ignore_case:
            verdict = either([_matches(key, _caseless(value)) for value in wanted])
        else:
            several = [model.value(path, value) for value in wanted]
            verdict = Verdict({key: {"$in": several}}, {key: {"$nin": [*several, None]}})
        return verdict if is_in else Verdict(verdict.fails, verdict.holds)

    return found


def _between(model: DocumentModel[Any], path: str) -> Criterion:
    key = model.key(path)

    def found(values: Sequence[Any]) -> Verdict:
        if None in values:
            return _UNKNOWN
        low, high = (model.value(path, value) for value in values)
        return Verdict(
            {key: {"$gte": low, "$lte": high}}, {"$or": [{key: {"$lt": low}}, {key: {"$gt": high}}]}
        )

    return found


def _textual(key: str, operator: str, *, ignore_case: bool) -> Criterion:
    positive = operator.removeprefix("not_")
    expression = _EXPRESSIONS[positive]
    flags = "si" if ignore_case else "s"

    def found(values: Sequence[Any]) -> Verdict:
        if values[0] is None:
            return _UNKNOWN
        verdict = _matches(key, Regex(expression(_text(values[0])), flags))
        return verdict if positive == operator else Verdict(verdict.fails, verdict.holds)

    return found


def _matches(key: str, pattern: "Regex[str]") -> Verdict:
    return Verdict({key: {"$regex": pattern}}, {key: {"$not": {"$regex": pattern}, "$ne": None}})


def _caseless(value: Any) -> "Regex[str]":
    return Regex(rf"^{re.escape(_text(value))}$(?!\n)", "si")


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise UnfitValueError("A text is needed to compare with", "INVALID_VALUE")
    return value


def _collection(value: Any) -> list[Any]:
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError("'in' takes a collection of values, not one of them")
    return list(value)
