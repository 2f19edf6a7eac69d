"""Conditions on objects, with the logic of SQL: what has no value is neither this nor that."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from pyfly.data.entity_root import said
from pyfly.data.memory.entities import EntityModel
from pyfly.data.patterns import like_expression
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


def condition(
    model: EntityModel[Any], path: str, operator: str, values: Sequence[Any], *, ignore_case: bool = False
) -> Test:
    """Return whether the property at *path* of *model* stands in the relation *operator* to *values*.

    Raises:
        UnfitValueError: The property cannot be compared with a value of that type.
        TypeError: A text is given where a collection is meant.
    """
    if operator in ("in", "not_in"):
        values = [_collection(values[0])]
    model.require_comparable(path, values[0] if operator in ("in", "not_in") else values)
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
            model, path, specification.operator, specification.values, ignore_case=specification.ignore_case
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


def like(pattern: str) -> re.Pattern[str]:
    """Return the regular expression for a pattern of LIKE."""
    return re.compile(like_expression(pattern), re.DOTALL)


def _said(specification: Specification[Any], model: EntityModel[Any]) -> Test | None:
    found = said(specification)
    return None if found is None else matcher(found, model)


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
