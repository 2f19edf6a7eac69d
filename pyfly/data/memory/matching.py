"""Conditions on objects, with the logic of SQL: what has no value is neither this nor that."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyfly.data.memory.entities import EntityModel
from pyfly.data.specification import All, Condition, Either, Negation, Specification

Test = Callable[[object], bool | None]
"""``None`` where the answer depends on a value that is not there."""

_TEXT = ("like", "not_like", "containing", "not_containing", "starting_with", "ending_with")
_CASELESS = ("eq", "not", "in", "not_in", *_TEXT)

_CONDITIONS: dict[str, Callable[..., bool]] = {
    "eq": lambda value, other: bool(value == other),
    "not": lambda value, other: bool(value != other),
    "gt": lambda value, other: bool(value > other),
    "gte": lambda value, other: bool(value >= other),
    "lt": lambda value, other: bool(value < other),
    "lte": lambda value, other: bool(value <= other),
    "between": lambda value, low, high: bool(low <= value <= high),
    "in": lambda value, others: value in others,
    "not_in": lambda value, others: value not in others,
    "is_true": lambda value: value is True,
    "is_false": lambda value: value is False,
    "like": lambda value, pattern: like(pattern).fullmatch(value) is not None,
    "not_like": lambda value, pattern: like(pattern).fullmatch(value) is None,
    "containing": lambda value, part: part in value,
    "not_containing": lambda value, part: part not in value,
    "starting_with": lambda value, part: value.startswith(part),
    "ending_with": lambda value, part: value.endswith(part),
    "is_empty": lambda value: len(value) == 0,
    "is_not_empty": lambda value: len(value) > 0,
}


def check(model: EntityModel[Any], path: str, operator: str, *, ignore_case: bool) -> None:
    """Check that *operator* fits the property at *path*.

    Raises:
        ValueError: It does not.
    """
    if (operator in _TEXT or ignore_case) and not model.is_text(path):
        raise ValueError(f"'{path}' is not text")
    if ignore_case and operator not in (*_CASELESS, "is_null", "is_not_null"):
        raise ValueError(f"'{operator}' cannot ignore case")


def condition(path: str, operator: str, values: Sequence[Any], *, ignore_case: bool = False) -> Test:
    """Return whether the property at *path* stands in the relation *operator* to *values*.

    Raises:
        TypeError: A text is given where a collection is meant.
    """
    if operator in ("in", "not_in"):
        values = [_collection(values[0])]
    if ignore_case:
        values = [_caseless(value) for value in values]
    holds = _CONDITIONS.get(operator)

    def test_value(value: Any) -> bool | None:
        if operator in ("is_null", "is_not_null"):
            return (value is None) is (operator == "is_null")
        if operator in ("is_true", "is_false") and value is None:
            return False
        if operator in ("in", "not_in") and not values[0]:
            return operator == "not_in"
        if value is None or any(given is None for given in values):
            return None
        assert holds is not None  # noqa: S101  # operators are those of the parser
        return holds(_caseless(value) if ignore_case else value, *values)

    return _reaching(
        path.split("."), test_value, is_about_collection=operator in ("is_empty", "is_not_empty")
    )


def matcher(specification: Specification[Any], model: EntityModel[Any]) -> Test | None:
    """Return what *specification* says about entities of *model*; ``None`` if it says nothing.

    Raises:
        UnknownPropertyError: It names something that does not exist.
        ValueError: An operator does not fit its property.
    """
    if isinstance(specification, Condition):
        path = model.require_path(specification.field)
        check(model, path, specification.operator, ignore_case=specification.ignore_case)
        return condition(
            path, specification.operator, specification.values, ignore_case=specification.ignore_case
        )
    if isinstance(specification, All):
        tests = [test for part in specification.parts if (test := matcher(part, model)) is not None]
        if not tests:
            return None
        return either(tests) if isinstance(specification, Either) else both(tests)
    if isinstance(specification, Negation):
        inner = matcher(specification.part, model)
        return None if inner is None else negated(inner)
    return _said(specification, model)


def both(tests: Sequence[Test]) -> Test:
    """Return whether all of *tests* hold."""

    def test(entity: object) -> bool | None:
        answers = [each(entity) for each in tests]
        return False if False in answers else None if None in answers else True

    return test


def either(tests: Sequence[Test]) -> Test:
    """Return whether one of *tests* holds."""

    def test(entity: object) -> bool | None:
        answers = [each(entity) for each in tests]
        return True if True in answers else None if None in answers else False

    return test


def negated(inner: Test) -> Test:
    """Return whether *inner* does not hold."""

    def test(entity: object) -> bool | None:
        answer = inner(entity)
        return None if answer is None else not answer

    return test


class Root:
    """Stands for the entity class in a specification that is a function: ``lambda item: item.price > 5``."""

    def __getattr__(self, name: str) -> "Property":
        return Property(name)


class Property:
    """One property of the entity; comparing it gives a specification."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, path: str) -> None:
        """Stand for the property at *path*."""
        self._path = path

    def __getattr__(self, name: str) -> "Property":
        return Property(f"{self._path}.{name}")

    def __eq__(self, other: object) -> Any:
        return Condition(self._path, "is_null") if other is None else Condition(self._path, "eq", other)

    def __ne__(self, other: object) -> Any:
        return Condition(self._path, "is_not_null") if other is None else Condition(self._path, "not", other)

    def __gt__(self, other: object) -> Condition:
        return Condition(self._path, "gt", other)

    def __ge__(self, other: object) -> Condition:
        return Condition(self._path, "gte", other)

    def __lt__(self, other: object) -> Condition:
        return Condition(self._path, "lt", other)

    def __le__(self, other: object) -> Condition:
        return Condition(self._path, "lte", other)

    def is_(self, other: object) -> Any:
        """Return that it is *other*."""
        return self == other

    def is_not(self, other: object) -> Any:
        """Return that it is not *other*."""
        return self != other

    def in_(self, others: Iterable[object]) -> Condition:
        """Return that it is one of *others*."""
        return Condition(self._path, "in", list(others))

    def like(self, pattern: str) -> Condition:
        """Return that it matches *pattern*."""
        return Condition(self._path, "like", pattern)

    def between(self, low: object, high: object) -> Condition:
        """Return that it is between *low* and *high*."""
        return Condition(self._path, "between", low, high)

    def contains(self, part: str) -> Condition:
        """Return that it contains *part*."""
        return Condition(self._path, "containing", part)

    def startswith(self, part: str) -> Condition:
        """Return that it starts with *part*."""
        return Condition(self._path, "starting_with", part)

    def endswith(self, part: str) -> Condition:
        """Return that it ends with *part*."""
        return Condition(self._path, "ending_with", part)


def like(pattern: str) -> re.Pattern[str]:
    """Return the regular expression for a pattern of LIKE; a backslash makes the next character ordinary."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    translated = {"%": ".*", "_": "."}
    return re.compile("".join(translated.get(part) or re.escape(part[-1]) for part in parts), re.DOTALL)


def _said(specification: Specification[Any], model: EntityModel[Any]) -> Test | None:
    assert specification.predicate is not None  # noqa: S101  # every other kind has been dealt with
    said = specification.predicate(*((Root(), None) if specification.takes_query else (Root(),)))
    if said is None:
        return None
    if not isinstance(said, Specification):
        raise TypeError(
            f"In memory a specification compares properties of the entity; this one gave {said!r}"
        )
    return matcher(said, model)


def _reaching(path: Sequence[str], test: Callable[[Any], bool | None], *, is_about_collection: bool) -> Test:
    head, rest = path[0], path[1:]
    if not rest:
        return lambda entity: test(getattr(entity, head))
    inner = _reaching(rest, test, is_about_collection=is_about_collection)

    def reached(entity: object) -> bool:
        value = getattr(entity, head)
        several = value if isinstance(value, list | tuple | set) else () if value is None else (value,)
        return any(inner(each) for each in several)

    return reached


def _collection(value: Any) -> list[Any]:
    if isinstance(value, str | bytes):
        raise TypeError("'in' takes a collection of values, not a text")
    return list(value)


def _caseless(value: Any) -> Any:
    if isinstance(value, list):
        return [_caseless(each) for each in value]
    return value.lower() if isinstance(value, str) else value
