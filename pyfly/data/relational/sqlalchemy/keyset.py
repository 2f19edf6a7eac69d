"""Reading on from a position: the order, and the condition that the rows after a key meet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from pyfly.data import cursor_token
from pyfly.data.pageable import Sort
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping


class Keyset:
    """An order of the rows of one entity in which every row has a place of its own.

    Rows without a value come last, on every database and in both directions.
    """

    def __init__(self, mapping: EntityMapping[Any], sort: Sort) -> None:
        """Order by *sort*, and by the primary key where that leaves rows equal.

        Raises:
            UnknownPropertyError: A property is no mapped column.
        """
        self._sort = sort
        said = {order.property: order.direction == "desc" for order in sort.orders}
        named = [(mapping.column(name), descending) for name, descending in said.items()]
        rest = [(column, False) for column in mapping.identity if column.key not in said]
        self._keys: list[tuple[InstrumentedAttribute[Any], bool]] = [*named, *rest]
        self.columns = [column for column, _ in self._keys]
        self._types = [_python_type(column) for column in self.columns]

    def ordering(self) -> list[ColumnElement[Any]]:
        """Return the ORDER BY."""
        clauses: list[ColumnElement[Any]] = []
        for column, descending in self._keys:
            if _is_nullable(column):
                clauses.append(column.is_(None))
            clauses.append(column.desc() if descending else column.asc())
        return clauses

    def after(self, nulls: Sequence[bool]) -> ColumnElement[bool]:
        """Return the condition of the rows after a key, which has no value where *nulls* says so."""
        alternatives: list[ColumnElement[bool]] = []
        equal: list[ColumnElement[bool]] = []
        for position, (column, descending) in enumerate(self._keys):
            place = bindparam(f"k_{position}", type_=column.type)
            later = _later(column, place, descending=descending, is_null=nulls[position])
            alternatives.append(and_(*equal, later))
            equal.append(column.is_(None) if nulls[position] else column == place)
        return or_(*alternatives)

    def read(self, token: str) -> list[Any]:
        """Return the key that *token* stands for.

        Raises:
            InvalidRequestException: It stands for none of this order.
        """
        values = cursor_token.read(token, self._sort, self._types)
        for column, value in zip(self.columns, values, strict=True):
            if value is None and not _is_nullable(column):
                return cursor_token.read("", self._sort, self._types)
        return values

    def written(self, values: Sequence[Any]) -> str:
        """Return the token for the key *values*."""
        return cursor_token.written(values, self._sort)


def _later(
    column: InstrumentedAttribute[Any], place: Any, *, descending: bool, is_null: bool
) -> ColumnElement[bool]:
    if is_null:
        return false()
    later: ColumnElement[bool] = column < place if descending else column > place
    return or_(later, column.is_(None)) if _is_nullable(column) else later


def _is_nullable(column: InstrumentedAttribute[Any]) -> bool:
    return any(bool(part.nullable) for part in column.property.columns)


def _python_type(column: InstrumentedAttribute[Any]) -> type | None:
    try:
        found: type = column.type.python_type
    except NotImplementedError:
        return None
    return found
