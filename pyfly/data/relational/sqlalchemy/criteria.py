"""Operators on properties as conditions in SQL, with bind parameters or with values."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, false, func, true
from sqlalchemy.types import TypeDecorator

from pyfly.data.exceptions import UnfitValueError
from pyfly.data.relational.sqlalchemy.compared import compared_type
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, criterion

Value = Callable[..., Any]
"""Gives the right side of a condition: ``value(number, expanding=)``."""

TEXT = ("like", "not_like", "containing", "not_containing", "starting_with", "ending_with")
_CASELESS = ("eq", "not", "in", "not_in", *TEXT)
_EMPTY = ("is_empty", "is_not_empty")
_VALUELESS = ("is_null", "is_not_null", *_EMPTY)

_CONDITIONS: dict[str, Callable[[Any, Value], Any]] = {
    "eq": lambda column, value: column == value(),
    "not": lambda column, value: column != value(),
    "gt": lambda column, value: column > value(),
    "gte": lambda column, value: column >= value(),
    "lt": lambda column, value: column < value(),
    "lte": lambda column, value: column <= value(),
    "between": lambda column, value: column.between(value(), value(1)),
    "in": lambda column, value: column.in_(value(expanding=True)),
    "not_in": lambda column, value: column.not_in(value(expanding=True)),
    "is_null": lambda column, value: column.is_(None),
    "is_not_null": lambda column, value: column.is_not(None),
    "is_true": lambda column, value: column.is_(True),
    "is_false": lambda column, value: column.is_(False),
    "is_empty": lambda column, value: column == "",
    "is_not_empty": lambda column, value: column != "",
    "like": lambda column, value: column.like(value()),
    "not_like": lambda column, value: column.not_like(value()),
    "containing": lambda column, value: column.like(value(), escape="\\"),
    "not_containing": lambda column, value: column.not_like(value(), escape="\\"),
    "starting_with": lambda column, value: column.like(value(), escape="\\"),
    "ending_with": lambda column, value: column.like(value(), escape="\\"),
}


def bound_condition(
    mapping: EntityMapping[Any], path: str, operator: str, position: int, *, ignore_case: bool
) -> ColumnElement[bool]:
    """Return the condition on the property at *path* with the parameters ``p<position>`` and the next.

    Raises:
        UnknownPropertyError: There is no such property.
        ValueError: The operator does not fit the type of the property.
    """

    def condition(column: Any) -> ColumnElement[bool]:
        def value(offset: int = 0, *, expanding: bool = False) -> Any:
            place = bindparam(f"p{position + offset}", type_=compared_type(column), expanding=expanding)
            return func.lower(place) if ignore_case and not expanding else place

        return _condition(column, path, operator, value, ignore_case=ignore_case)

    return _reaching(mapping, path, operator, condition)


def condition_on(
    mapping: EntityMapping[Any], path: str, operator: str, values: tuple[Any, ...], *, ignore_case: bool
) -> ColumnElement[bool]:
    """Return the condition on the property at *path* with *values*, which become bind parameters.

    Raises:
        UnknownPropertyError: There is no such property.
        ValueError: The operator does not fit the type of the property.
    """
    if operator in ("in", "not_in") and not values[0]:
        return true() if operator == "not_in" else false()

    def condition(column: Any) -> ColumnElement[bool]:
        def value(offset: int = 0, *, expanding: bool = False) -> Any:
            place = bindparam(None, values[offset], type_=compared_type(column), expanding=expanding)
            return func.lower(place) if ignore_case and not expanding else place

        return _condition(column, path, operator, value, ignore_case=ignore_case)

    return _reaching(mapping, path, operator, condition)


def caseless(value: Any) -> Any:
    """Return *value* as it is compared when case does not matter."""
    return value.lower() if isinstance(value, str) else value


def preparation(operator: str, *, ignore_case: bool) -> tuple[Callable[[Any], Any], ...]:
    """Return what is done to each argument of *operator* before it is bound."""
    if ignore_case and operator in ("in", "not_in"):
        # Of a list, every element would need a lower() of its own in SQL.
        return (lambda values: [caseless(value) for value in _collection(values)],)
    return _PREPARED.get(operator, (_unchanged,) * (2 if operator == "between" else 1))


def literal(value: str) -> str:
    """Return *value* as a pattern of LIKE that matches nothing but itself."""
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _reaching(
    mapping: EntityMapping[Any], path: str, operator: str, condition: Callable[[Any], Any]
) -> ColumnElement[bool]:
    if operator in _EMPTY and path in mapping.relationships:
        some: ColumnElement[bool] = _has_some(mapping, path)
        return ~some if operator == "is_empty" else some
    if path in mapping.relationships:
        raise ValueError(
            f"'{path}' is a relationship: name one of its properties, or ask whether it is empty"
        )
    return criterion(mapping, path, condition)


def _has_some(mapping: EntityMapping[Any], name: str) -> ColumnElement[bool]:
    attribute = getattr(mapping.model, name)
    found: ColumnElement[bool] = attribute.any() if mapping.relationships[name].uselist else attribute.has()
    return found


def _condition(
    column: Any, path: str, operator: str, value: Value, *, ignore_case: bool
) -> ColumnElement[bool]:
    is_text = isinstance(column.type, String | TypeDecorator)
    if not is_text and (operator in (*TEXT, *_EMPTY) or ignore_case):
        raise ValueError(f"'{path}' is not text")
    if ignore_case and operator not in (*_CASELESS, *_VALUELESS):
        raise ValueError(f"'{operator}' cannot ignore case")
    compared = func.lower(column) if ignore_case and operator not in _VALUELESS else column
    made: ColumnElement[bool] = _CONDITIONS[operator](compared, value)
    return made


def _unchanged(value: Any) -> Any:
    return value


def _pattern(form: str) -> Callable[[Any], Any]:
    return lambda value: None if value is None else form.format(literal(_whole(value)))


def _whole(pattern: Any) -> Any:
    """Return *pattern* unless SQLite would stop reading it half-way, and find what it does not describe."""
    if pattern is not None and not isinstance(pattern, str):
        raise UnfitValueError("A pattern is a text", "INVALID_VALUE")
    if pattern is not None and "\0" in pattern:
        raise UnfitValueError("A pattern cannot contain the character U+0000", "INVALID_VALUE")
    return pattern


def _collection(value: Any) -> list[Any]:
    if isinstance(value, str | bytes):
        raise TypeError("'in' takes a collection of values, not a text")
    return list(value)


_PREPARED: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "like": (_whole,),
    "not_like": (_whole,),
    "containing": (_pattern("%{}%"),),
    "not_containing": (_pattern("%{}%"),),
    "starting_with": (_pattern("{}%"),),
    "ending_with": (_pattern("%{}"),),
    "in": (_collection,),
    "not_in": (_collection,),
}
