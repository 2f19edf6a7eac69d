"""Derived queries on SQLAlchemy: method names become statements, once."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from pyfly.data.exceptions import UnknownPropertyError
from pyfly.data.pageable import Order, Pageable, Sort
from pyfly.data.query_parser import FieldPredicate, ParsedQuery, QueryMethodParser
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, criterion, mapping_of
from pyfly.data.relational.sqlalchemy.selection import Selection
from pyfly.kernel.exceptions import ResourceNotFoundException

_PARSER = QueryMethodParser()


class Shape(Enum):
    """In which form a derived query answers."""

    LIST = auto()
    ONE = auto()
    OPTIONAL = auto()
    PAGE = auto()
    SLICE = auto()
    COUNT = auto()
    EXISTS = auto()
    DELETE = auto()


SHAPE_OF_PREFIX = {
    "find_by": Shape.LIST,
    "count_by": Shape.COUNT,
    "exists_by": Shape.EXISTS,
    "delete_by": Shape.DELETE,
}


def resolve(name: str, mapping: EntityMapping[Any]) -> ParsedQuery:
    """Return what *name* asks of an entity, with the paths of its properties.

    Raises:
        UnknownPropertyError: A property is not mapped.
        ValueError: The name is no derived query.
    """
    blind = _PARSER.parse(name)
    try:
        return _PARSER.parse(name, mapping.path)
    except ValueError:
        words = [p.field_name for p in blind.predicates] + [o.field_name for o in blind.order_clauses]
        unknown = next((word for word in words if mapping.path(word) is None), words[0])
        raise UnknownPropertyError(mapping.name, unknown, mapping.names()) from None


class DerivedQuery:
    """One derived query, ready to run on any session."""

    def __init__(
        self, mapping: EntityMapping[Any], parsed: ParsedQuery, shape: Shape, name: str = ""
    ) -> None:
        """Compile *parsed*, whose properties are paths, to answer in *shape*.

        Raises:
            UnknownPropertyError: It orders by something that is no column of the entity itself.
            ValueError: An operator does not fit the type of its property.
        """
        self.mapping = mapping
        self.shape = shape
        self.name = name or parsed.prefix
        self.arity = sum(predicate.arity for predicate in parsed.predicates)
        self._parsed = parsed
        orders = [
            Order(o.field_name, "desc" if o.direction == "desc" else "asc") for o in parsed.order_clauses
        ]
        self._order = Sort(tuple(orders))
        self._values = [value for predicate in parsed.predicates for value in _values(predicate)]
        self._selections: dict[tuple[bool, ...], Selection[Any]] = {}
        mapping.ordering(self._order)
        self._plain = self._selection((False,) * self.arity)

    def run(self, session: Session, arguments: Sequence[Any], window: Pageable | Sort | None = None) -> Any:
        """Answer with *arguments* in the order of the name, and the page or order asked for."""
        parameters = {
            f"p{i}": prepare(value)
            for i, (prepare, value) in enumerate(zip(self._values, arguments, strict=True))
        }
        selection = self._plain
        if None in parameters.values():
            selection = self._selection(tuple(value is None for value in arguments))
        return _ANSWERS[self.shape](self, selection, session, parameters, window)

    def required(self, found: Any) -> Any:
        """Return *found*, or raise that there is no such entity."""
        if found is None:
            raise ResourceNotFoundException(f"{self.mapping.name} not found", "NOT_FOUND")
        return found

    def _selection(self, nulls: tuple[bool, ...]) -> Selection[Any]:
        known = self._selections.get(nulls)
        if known is None:
            known = self._selections[nulls] = Selection(
                self.mapping,
                self._criteria(nulls),
                order=self._order,
                limit=self._parsed.limit,
                distinct=self._parsed.distinct,
            )
        return known

    def _criteria(self, nulls: tuple[bool, ...]) -> list[ColumnElement[bool]]:
        position = 0
        alternatives = []
        for group in self._parsed.alternatives:
            conjunction = []
            for predicate in group:
                taken = nulls[position : position + predicate.arity]
                conjunction.append(_criterion(self.mapping, predicate, position, is_null=any(taken)))
                position += predicate.arity
            alternatives.append(and_(*conjunction))
        return [or_(*alternatives)] if alternatives else []


class QueryMethodCompiler:
    """Compiles derived queries to functions of an ``AsyncSession``."""

    def compile(self, parsed: ParsedQuery, entity: type) -> Callable[..., Awaitable[Any]]:
        """Return ``async (session, *values)`` that answers *parsed*: list, count, bool or rows removed.

        Raises:
            ValueError: The prefix is unknown.
            UnknownPropertyError: A property is not mapped.
        """
        shape = SHAPE_OF_PREFIX.get(parsed.prefix)
        if shape is None:
            raise ValueError(f"Unknown prefix '{parsed.prefix}'")
        mapping: EntityMapping[Any] = mapping_of(entity)
        query = DerivedQuery(mapping, resolve(parsed.name, mapping) if parsed.name else parsed, shape)

        async def run(session: AsyncSession, *values: Any) -> Any:
            return await session.run_sync(query.run, values)

        return run


def _sort(window: Pageable | Sort | None) -> Sort:
    if isinstance(window, Pageable):
        return window.sort
    return window or Sort()


_ANSWERS: dict[Shape, Callable[[DerivedQuery, Selection[Any], Session, dict[str, Any], Any], Any]] = {
    Shape.LIST: lambda query, found, session, values, window: found.all(session, values, _sort(window)),
    Shape.OPTIONAL: lambda query, found, session, values, window: found.one(session, values, query.name),
    Shape.ONE: lambda query, found, session, values, window: query.required(
        found.one(session, values, query.name)
    ),
    Shape.PAGE: lambda query, found, session, values, window: found.page(session, values, window),
    Shape.SLICE: lambda query, found, session, values, window: found.window(session, values, window),
    Shape.COUNT: lambda query, found, session, values, window: found.count(session, values),
    Shape.EXISTS: lambda query, found, session, values, window: found.exists(session, values),
    Shape.DELETE: lambda query, found, session, values, window: found.delete(session, values),
}

_TEXT = ("like", "not_like", "containing", "not_containing", "starting_with", "ending_with")
_CASELESS = ("eq", "not", *_TEXT)


_CONDITIONS: dict[str, Callable[[Any, Callable[..., Any]], Any]] = {
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
    "like": lambda column, value: column.like(value()),
    "not_like": lambda column, value: column.not_like(value()),
    "containing": lambda column, value: column.like(value(), escape="\\"),
    "not_containing": lambda column, value: column.not_like(value(), escape="\\"),
    "starting_with": lambda column, value: column.like(value(), escape="\\"),
    "ending_with": lambda column, value: column.like(value(), escape="\\"),
}


def _criterion(
    mapping: EntityMapping[Any], predicate: FieldPredicate, position: int, *, is_null: bool
) -> ColumnElement[bool]:
    operator = predicate.operator
    if is_null and operator in ("eq", "not"):
        operator = "is_null" if operator == "eq" else "is_not_null"

    def condition(column: Any) -> ColumnElement[bool]:
        is_text = isinstance(column.type, String | TypeDecorator)
        if not is_text and (operator in _TEXT or predicate.ignore_case):
            raise ValueError(f"'{predicate.field_name}' is not text")
        if predicate.ignore_case and operator not in (*_CASELESS, "is_null", "is_not_null"):
            raise ValueError(f"'{operator}' cannot ignore case")
        return _condition(column, operator, position, ignore_case=predicate.ignore_case)

    return criterion(mapping, predicate.field_name, condition)


def _condition(column: Any, operator: str, position: int, *, ignore_case: bool) -> ColumnElement[bool]:
    def value(offset: int = 0, *, expanding: bool = False) -> Any:
        parameter = bindparam(f"p{position + offset}", type_=column.type, expanding=expanding)
        return func.lower(parameter) if ignore_case else parameter

    compared = func.lower(column) if ignore_case and "null" not in operator else column
    condition: ColumnElement[bool] = _CONDITIONS[operator](compared, value)
    return condition


def _values(predicate: FieldPredicate) -> list[Callable[[Any], Any]]:
    """Return what is done to each argument of *predicate* before it is bound."""
    match predicate.operator:
        case "containing" | "not_containing":
            return [lambda value: None if value is None else f"%{_literal(value)}%"]
        case "starting_with":
            return [lambda value: None if value is None else f"{_literal(value)}%"]
        case "ending_with":
            return [lambda value: None if value is None else f"%{_literal(value)}"]
        case "in" | "not_in":
            return [_collection]
    return [_unchanged] * predicate.arity


def _unchanged(value: Any) -> Any:
    return value


def _literal(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _collection(value: Any) -> list[Any]:
    if isinstance(value, str | bytes):
        raise TypeError("'in' takes a collection of values, not a text")
    return list(value)
