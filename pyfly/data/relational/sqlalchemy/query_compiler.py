"""Derived queries on SQLAlchemy: method names become statements, once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from pyfly.data.derivation.methods import resolve
from pyfly.data.derivation.shapes import SHAPE_OF_PREFIX, Projection, Shape
from pyfly.data.pageable import Order, Pageable, Scroll, Sort, Window
from pyfly.data.query_parser import FieldPredicate, ParsedQuery
from pyfly.data.relational.sqlalchemy.criteria import bound_condition, preparation
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.data.relational.sqlalchemy.selection import Row, Selection
from pyfly.kernel.exceptions import ResourceNotFoundException


class DerivedQuery:
    """One derived query, ready to run on any session."""

    def __init__(
        self,
        mapping: EntityMapping[Any],
        parsed: ParsedQuery,
        shape: Shape,
        name: str = "",
        projection: Projection | None = None,
    ) -> None:
        """Compile *parsed*, whose properties are paths, to answer in *shape*.

        Raises:
            UnknownPropertyError: It orders by something that is no column of the entity itself, or
                the *projection* names something that is not.
            ValueError: An operator does not fit the type of its property.
        """
        self.mapping = mapping
        self.shape = shape
        self.name = name or parsed.prefix
        self.arity = sum(predicate.arity for predicate in parsed.predicates)
        self._parsed = parsed
        self._projection = projection
        orders = [
            Order(o.field_name, "desc" if o.direction == "desc" else "asc") for o in parsed.order_clauses
        ]
        self._order = Sort(tuple(orders))
        self._values = [
            (f"p{position}", prepare)
            for position, prepare in enumerate(
                prepare
                for predicate in parsed.predicates
                for prepare in preparation(predicate.operator, ignore_case=predicate.ignore_case)[
                    : predicate.arity
                ]
            )
        ]
        self._selections: dict[tuple[bool, ...], Selection[Any]] = {}
        mapping.ordering(self._order)
        self._plain = self._selection((False,) * self.arity)

    def run(self, session: Session, arguments: Sequence[Any], window: Window | None = None) -> Any:
        """Answer with *arguments* in the order of the name, and the page or order asked for."""
        selection, parameters = self._bound(arguments)
        return _ANSWERS[self.shape](self, selection, session, parameters, window)

    def chunk(
        self, session: Session, arguments: Sequence[Any], sort: Sort | None, key: Row | None, size: int
    ) -> tuple[list[Any], Row | None]:
        """Return the next *size* items of a stream, and the key to go on from."""
        selection, parameters = self._bound(arguments)
        return selection.chunk(session, parameters, sort or Sort(), key, size)

    @property
    def limit(self) -> int | None:
        """Most entities ever returned."""
        return self._parsed.limit

    def required(self, found: Any) -> Any:
        """Return *found*, or raise that there is no such entity."""
        if found is None:
            raise ResourceNotFoundException(f"{self.mapping.name} not found", "NOT_FOUND")
        return found

    def _bound(self, arguments: Sequence[Any]) -> tuple[Selection[Any], dict[str, Any]]:
        parameters = {
            name: prepare(value) for (name, prepare), value in zip(self._values, arguments, strict=True)
        }
        if None in parameters.values():
            return self._selection(tuple(value is None for value in arguments)), parameters
        return self._plain, parameters

    def _selection(self, nulls: tuple[bool, ...]) -> Selection[Any]:
        known = self._selections.get(nulls)
        if known is None:
            known = self._selections[nulls] = Selection(
                self.mapping,
                self._criteria(nulls),
                order=self._order,
                limit=self._parsed.limit,
                distinct=self._parsed.distinct,
                projection=self._projection,
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


def _sort(window: Window | None) -> Sort:
    if isinstance(window, Pageable | Scroll):
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
    Shape.CURSOR: lambda query, found, session, values, window: found.scroll(session, values, window),
    Shape.COUNT: lambda query, found, session, values, window: found.count(session, values),
    Shape.EXISTS: lambda query, found, session, values, window: found.exists(session, values),
    Shape.DELETE: lambda query, found, session, values, window: found.delete(session, values),
}


def _criterion(
    mapping: EntityMapping[Any], predicate: FieldPredicate, position: int, *, is_null: bool
) -> ColumnElement[bool]:
    operator = predicate.operator
    if is_null and operator in ("eq", "not"):
        operator = "is_null" if operator == "eq" else "is_not_null"
    return bound_condition(
        mapping, predicate.field_name, operator, position, ignore_case=predicate.ignore_case
    )
