"""The statements of a query written by hand: all rows, one page of them, and how many there are."""

import re
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol, get_origin

from sqlalchemy import Integer, Select, TextClause, bindparam, column, func, select, text

from pyfly.data.exceptions import UnknownPropertyError
from pyfly.data.pageable import Sort
from pyfly.data.relational.sqlalchemy.hand_rows import Rows, column_type

_LISTS = (list, tuple, set, frozenset, Sequence, Collection, AbstractSet)
_LIMITED = re.compile(r"\blimit\b", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_LIMIT = bindparam("pyfly_limit", type_=Integer)
_OFFSET = bindparam("pyfly_offset", type_=Integer)
_BOUNDS = ("pyfly_limit", "pyfly_offset")
_KEPT_ORDERS = 64


class Statements(Protocol):
    """What a query written by hand can be asked to execute."""

    @property
    def parameters(self) -> Sequence[str]:
        """The names of the parameters that the statement takes."""

    def listing(self, sort: Sort) -> Any:
        """Return the statement for all rows."""

    def paging(self, sort: Sort) -> Any:
        """Return the statement for the rows between the parameters ``pyfly_offset`` and ``pyfly_limit``."""

    def counting(self) -> Any:
        """Return the statement for the number of rows."""


class StatementText:
    """SQL text. What it is put into is text as well; names come from the mapping, values are parameters."""

    def __init__(self, sql: str, types: dict[str, Any], rows: Rows, count: Any) -> None:
        """Prepare *sql*, whose parameters are annotated with *types*."""
        self._sql = sql.strip().rstrip(";")
        self._types = types
        self._rows = rows
        self._plain = self._read(self._sql)
        self._parameters = tuple(text(self._sql).compile().params)
        self._count = self._bound(
            count if isinstance(count, str) else f"SELECT COUNT(*) FROM ({self._sql}) AS pyfly_rows"  # noqa: S608  # the program's own text
        )
        self._kept: dict[tuple[Sort, bool], Any] = {}

    @property
    def parameters(self) -> Sequence[str]:
        """The names of the parameters that the text takes."""
        return self._parameters

    def listing(self, sort: Sort) -> Any:
        """Return the statement for all rows."""
        if not sort.orders:
            return self._plain
        return self._known(sort, paged=False)

    def paging(self, sort: Sort) -> Any:
        """Return the statement for one page."""
        return self._known(sort, paged=True)

    def counting(self) -> Any:
        """Return the statement for the number of rows."""
        return self._count

    def _known(self, sort: Sort, *, paged: bool) -> Any:
        known = self._kept.get((sort, paged))
        if known is None:
            known = self._read(self._ordered(sort, paged=paged))
            if len(self._kept) < _KEPT_ORDERS:
                self._kept[sort, paged] = known
        return known

    def _ordered(self, sort: Sort, *, paged: bool) -> str:
        bounds = " LIMIT :pyfly_limit OFFSET :pyfly_offset" if paged else ""
        if not sort.orders and not _LIMITED.search(self._sql):
            return self._sql + bounds
        names = [
            f"pyfly_rows.{self._safe(name)}{' DESC' if descending else ''}"
            for name, descending in self._rows.columns(sort)
        ]
        order = f" ORDER BY {', '.join(names)}" if names else ""
        return f"SELECT * FROM ({self._sql}) AS pyfly_rows{order}{bounds}"  # noqa: S608  # names are checked

    def _safe(self, name: str) -> str:
        # A name that would need quotes differs from database to database; behind a dot a plain one never does.
        if not _PLAIN_NAME.fullmatch(name):
            raise UnknownPropertyError(self._rows.mapping.name, name, self._rows.names)
        return name

    def _read(self, sql: str) -> Any:
        statement = self._bound(sql)
        rows = self._rows
        if rows.is_entity:
            return select(rows.mapping.model).from_statement(statement)
        if rows.value is not None:
            return statement.columns(column("value", rows.value))
        return statement.columns(**rows.types) if rows.types else statement

    def _bound(self, sql: str) -> TextClause:
        statement = text(sql)
        found = statement.compile().params
        parameters = [_parameter(name, self._types.get(name)) for name in found if name not in _BOUNDS]
        paging = [bound for bound in (_LIMIT, _OFFSET) if bound.key in found]
        return statement.bindparams(*parameters, *paging)


class WrittenStatement:
    """A statement of SQLAlchemy."""

    def __init__(self, statement: Any, types: dict[str, Any], rows: Rows, count: Any) -> None:
        """Prepare *statement*."""
        self._statement = statement
        self._rows = rows
        self._count = count
        compiled = statement.compile()
        # Columns with a default of their own are set by it, as in every statement.
        own = {column.key for column in compiled.prefetch}
        self._parameters = tuple(
            name
            for name, value in compiled.params.items()
            if name in types or (value is None and name not in own)
        )

    @property
    def parameters(self) -> Sequence[str]:
        """The names of the parameters that the statement takes."""
        return self._parameters

    def listing(self, sort: Sort) -> Any:
        """Return the statement for all rows."""
        return self._statement.order_by(*self._ordering(sort)) if sort.orders else self._statement

    def paging(self, sort: Sort) -> Any:
        """Return the statement for one page."""
        return self.listing(sort).limit(_LIMIT).offset(_OFFSET)

    def counting(self) -> Any:
        """Return the statement for the number of rows."""
        if self._count is not None:
            return text(self._count) if isinstance(self._count, str) else self._count
        whole: Select[Any] = self._statement.order_by(None)
        return select(func.count()).select_from(whole.subquery())

    def _ordering(self, sort: Sort) -> list[Any]:
        if self._rows.is_entity:
            return [*self._rows.mapping.ordering(sort)]
        columns = self._statement.selected_columns
        return [
            columns[name].desc() if descending else columns[name].asc()
            for name, descending in self._rows.columns(sort)
        ]


def _parameter(name: str, hint: Any) -> Any:
    origin = get_origin(hint) or hint
    return bindparam(name, type_=column_type(hint), expanding=origin in _LISTS)
