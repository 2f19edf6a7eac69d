"""What the rows of a query written by hand become: entities, objects of another class, or values."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints
from uuid import UUID

from sqlalchemy import Boolean, Date, LargeBinary, Numeric, Result, Time, Uuid
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.types import TypeEngine

from pyfly.data.derivation.projections import projection_of
from pyfly.data.derivation.shapes import Projection
from pyfly.data.exceptions import UnknownPropertyError
from pyfly.data.pageable import Sort
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping
from pyfly.data.relational.sqlalchemy.types import UtcDateTime

_TYPES: dict[Any, Callable[[], TypeEngine[Any]]] = {
    UUID: Uuid,
    datetime: UtcDateTime,
    date: Date,
    time: Time,
    Decimal: Numeric,
    bool: Boolean,
    bytes: LargeBinary,
}


class Rows(NamedTuple):
    """How the rows of a result are read.

    Attributes:
        mapping: The entity of the repository.
        read: Turns a result into a list.
        names: The columns that may be sorted by, if the rows have known ones.
        types: The types of columns by name, where the database alone would not tell.
        value: The type of the only column, if a row is a value.
        is_entity: Whether rows are entities.
    """

    mapping: EntityMapping[Any]
    read: Callable[[Result[Any]], list[Any]]
    names: tuple[str, ...] = ()
    types: dict[str, TypeEngine[Any]] = {}  # noqa: RUF012  # never written
    value: TypeEngine[Any] | None = None
    is_entity: bool = False

    def columns(self, sort: Sort) -> list[tuple[str, bool]]:
        """Return ``(column, descending)`` for each property of *sort*.

        Raises:
            UnknownPropertyError: The rows have no such column.
        """
        return [(self._column(order.property), order.direction == "desc") for order in sort.orders]

    def _column(self, name: str) -> str:
        if self.is_entity:
            return str(self.mapping.column(name).property.columns[0].name)
        if name not in self.names:
            raise UnknownPropertyError(self.mapping.name, name, self.names)
        return name


def rows_of(item: Any, mapping: EntityMapping[Any], *, is_value: bool = False) -> Rows:
    """Return how rows become objects of the type *item*: by default entities."""
    origin = get_origin(item) or item
    if is_value:
        return Rows(mapping, _values)
    if _is_entity(origin, mapping.model):
        return Rows(mapping, _unique_entities if mapping.joins_eagerly else _entities, is_entity=True)
    if isinstance(origin, type) and (projection := projection_of(origin)) is not None:
        return _projected(projection, mapping)
    if origin in _READERS:
        return Rows(mapping, _READERS[origin])
    return Rows(mapping, _values, value=column_type(item))


def _projected(projection: Projection, mapping: EntityMapping[Any]) -> Rows:
    hints = get_type_hints(projection.type)
    types = {name: found for name in projection.names if (found := column_type(hints.get(name)))}
    names, make = projection.names, projection.make
    return Rows(mapping, lambda result: [make(*row) for row in result.columns(*names)], names, types)


def column_type(hint: Any) -> TypeEngine[Any] | None:
    """Return the column type for values of the type *hint*, where the driver would not know it."""
    arguments = [each for each in get_args(hint) if each is not type(None)]
    if hint in _TYPES:
        return _TYPES[hint]()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return EnumColumn(hint, native_enum=False)
    return column_type(arguments[0]) if len(arguments) == 1 else None


def _is_entity(item: Any, model: type) -> bool:
    if item is None or item is Any or getattr(item, "_is_protocol", False) or item is list:
        return True
    return isinstance(item, type) and item is not object and issubclass(model, item)


def _entities(result: Result[Any]) -> list[Any]:
    return list(result.scalars())


def _unique_entities(result: Result[Any]) -> list[Any]:
    return list(result.scalars().unique())


def _values(result: Result[Any]) -> list[Any]:
    return list(result.scalars())


_READERS: dict[Any, Callable[[Result[Any]], list[Any]]] = {
    dict: lambda result: [dict(row) for row in result.mappings()],
    tuple: lambda result: [tuple(row) for row in result],
    bool: lambda result: [bool(value) for value in result.scalars()],
}
