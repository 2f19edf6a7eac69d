"""Conditions on entities as objects that can be joined, negated and handed around, whatever the store."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from inspect import Parameter, signature
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class Specification(Generic[T]):
    """A condition on entities: ``expensive & ~sold_out``.

    Made by :class:`FilterOperator`, by :class:`FilterUtils`, or of a function that is given the entity
    class and returns the condition: ``Specification(lambda item: item.price > 5)``. One that returns
    ``None`` says nothing: joined with others it leaves them alone, and alone it holds for everything.
    """

    def __init__(self, predicate: Callable[..., Any]) -> None:
        """Hold where *predicate* does.

        Args:
            predicate: ``(root)`` or ``(root, query)``; returns a condition, or the query with whatever says which
                entities are meant: conditions, joins, groups, limits.
        """
        self.predicate: Callable[..., Any] | None = predicate
        self.takes_query = _takes_two(predicate)

    def __and__(self, other: "Specification[T]") -> "Specification[T]":
        return All((self, other))

    def __or__(self, other: "Specification[T]") -> "Specification[T]":
        return Either((self, other))

    def __invert__(self) -> "Specification[T]":
        return Negation(self)

    def to_predicate(self, root: Any, query: Any) -> Any:
        """Return *query*, a SELECT of the entity *root*, with the condition added."""
        # Only a program with SQLAlchemy has a query; its adapter depends on this module, not the other way round.
        adapter = import_module("pyfly.data.relational.sqlalchemy.specification")
        return adapter.filtered(self, root, query)


class Condition(Specification[Any]):
    """An operator of the derived queries on one property, with its values."""

    def __init__(self, field: str, operator: str, *values: Any, ignore_case: bool = False) -> None:
        """Hold where *field* stands in the relation *operator* to *values*."""
        self.predicate = None
        self.takes_query = False
        self.field = field
        self.operator = operator
        self.values = values
        self.ignore_case = ignore_case

    def __repr__(self) -> str:
        return f"Condition({self.field!r}, {self.operator!r})"


class All(Specification[Any]):
    """Holds where all of its parts do."""

    def __init__(self, parts: Iterable[Specification[Any]]) -> None:
        """Join *parts*."""
        self.predicate = None
        self.takes_query = False
        self.parts = tuple(parts)


class Either(All):
    """Holds where one of its parts does."""


class Negation(Specification[Any]):
    """Holds where its part does not."""

    def __init__(self, part: Specification[Any]) -> None:
        """Negate *part*."""
        self.predicate = None
        self.takes_query = False
        self.part = part


class FilterOperator:
    """Conditions on one property each. Properties are mapped ones only; those of relations by their path."""

    @staticmethod
    def eq(field: str, value: Any) -> Specification[Any]:
        """It equals *value*."""
        return Condition(field, "is_null") if value is None else Condition(field, "eq", value)

    @staticmethod
    def neq(field: str, value: Any) -> Specification[Any]:
        """It is another one than *value*."""
        return Condition(field, "is_not_null") if value is None else Condition(field, "not", value)

    @staticmethod
    def gt(field: str, value: Any) -> Specification[Any]:
        """It is greater than *value*."""
        return Condition(field, "gt", value)

    @staticmethod
    def gte(field: str, value: Any) -> Specification[Any]:
        """It is *value* or greater."""
        return Condition(field, "gte", value)

    @staticmethod
    def lt(field: str, value: Any) -> Specification[Any]:
        """It is less than *value*."""
        return Condition(field, "lt", value)

    @staticmethod
    def lte(field: str, value: Any) -> Specification[Any]:
        """It is *value* or less."""
        return Condition(field, "lte", value)

    @staticmethod
    def like(field: str, pattern: str) -> Specification[Any]:
        """It matches *pattern*, in which ``%`` stands for any text and ``_`` for any character."""
        return Condition(field, "like", pattern)

    @staticmethod
    def contains(field: str, value: str) -> Specification[Any]:
        """It contains *value*."""
        return Condition(field, "containing", value)

    @staticmethod
    def starts_with(field: str, value: str) -> Specification[Any]:
        """It starts with *value*."""
        return Condition(field, "starting_with", value)

    @staticmethod
    def ends_with(field: str, value: str) -> Specification[Any]:
        """It ends with *value*."""
        return Condition(field, "ending_with", value)

    @staticmethod
    def in_list(field: str, values: Iterable[Any]) -> Specification[Any]:
        """It is one of *values*."""
        return Condition(field, "in", list(values))

    @staticmethod
    def is_null(field: str) -> Specification[Any]:
        """It has no value."""
        return Condition(field, "is_null")

    @staticmethod
    def is_not_null(field: str) -> Specification[Any]:
        """It has a value."""
        return Condition(field, "is_not_null")

    @staticmethod
    def between(field: str, low: Any, high: Any) -> Specification[Any]:
        """It is *low*, *high* or something between them."""
        return Condition(field, "between", low, high)


class FilterUtils:
    """Specifications of several equalities at once. Without any they hold for everything."""

    @staticmethod
    def by(**values: Any) -> Specification[Any]:
        """Return the condition that every property has its value."""
        return All(FilterOperator.eq(name, value) for name, value in values.items())

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> Specification[Any]:
        """Return the condition that every property has its value; ``None`` says nothing about it."""
        return FilterUtils.by(**{name: value for name, value in values.items() if value is not None})

    @staticmethod
    def from_example(example: object) -> Specification[Any]:
        """Return the condition of being like *example* in everything that it has a value for."""
        if is_dataclass(example):
            values = {field.name: getattr(example, field.name) for field in fields(example)}
        else:
            values = {name: value for name, value in vars(example).items() if not name.startswith("_")}
        return FilterUtils.from_dict(values)


def _takes_two(predicate: Callable[..., Any]) -> bool:
    """Return whether *predicate* has to be given two arguments; what has a default is the program's own affair."""
    try:
        parameters = signature(predicate).parameters.values()
    except (TypeError, ValueError):  # Some functions written in C do not tell.
        return False
    several = any(each.kind is Parameter.VAR_POSITIONAL for each in parameters)
    required = [each for each in parameters if each.kind in _POSITIONAL and each.default is Parameter.empty]
    return several or len(required) >= 2
