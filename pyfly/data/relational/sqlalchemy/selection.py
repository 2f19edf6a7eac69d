"""The statements of one criterion, built once with bind parameters and kept per order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, delete, exists, func, select
from sqlalchemy.orm import Session

from pyfly.data.derivation.shapes import Projection
from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort
from pyfly.data.relational.sqlalchemy.keyset import Keyset
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping
from pyfly.data.relational.sqlalchemy.removal import remove
from pyfly.data.relational.sqlalchemy.unit_session import is_heard_in

T = TypeVar("T")
K = TypeVar("K")
S = TypeVar("S")
Parameters = Mapping[str, Any]
Row = Sequence[Any]

_KEPT_ORDERS = 64
_LIMIT = bindparam("pyfly_limit", type_=Integer)
_OFFSET = bindparam("pyfly_offset", type_=Integer)
_UNSORTED = Sort()


class Selection(Generic[T]):
    """The entities that meet a criterion, read in every shape that a repository offers."""

    def __init__(
        self,
        mapping: EntityMapping[T],
        criteria: Sequence[ColumnElement[bool]] = (),
        *,
        order: Sort = _UNSORTED,
        limit: int | None = None,
        distinct: bool = False,
        projection: Projection | None = None,
    ) -> None:
        """Select the entities of *mapping* that meet all *criteria*.

        Args:
            mapping: The entity.
            criteria: Conditions whose values are bind parameters.
            order: Sorts the result before any order that a caller asks for.
            limit: Most entities ever returned.
            distinct: Return equal rows once.
            projection: Return these columns as objects of its class instead of entities.

        Raises:
            UnknownPropertyError: The projection has a field that is not mapped.
        """
        self.mapping = mapping
        self._order = order
        self._limit = limit
        self._projection = projection
        self._criteria = tuple(criteria)
        self._select: Select[Any] = self._rows().distinct() if distinct else self._rows()
        self._count: Select[int] = select(func.count()).select_from(self._counted(distinct=distinct))
        if not distinct:
            self._count = self._count.where(*criteria)
        self._exists = select(exists(select(mapping.model).where(*criteria)))
        self._delete = delete(mapping.model).where(*criteria)
        self._lists: dict[Sort, Select[T]] = {}
        self._pages: dict[Sort, Select[T]] = {}
        self._keysets: dict[Sort, Keyset] = {}
        self._scrolls: dict[tuple[Sort, tuple[bool, ...]], Select[T]] = {}

    def all(self, session: Session, parameters: Parameters, sort: Sort = _UNSORTED) -> list[T]:
        """Return all of them."""
        return self._fetch(session, _kept(self._lists, sort, self._listing), parameters)

    def one(self, session: Session, parameters: Parameters, description: str) -> T | None:
        """Return the only one, or ``None``.

        Raises:
            NonUniqueResultError: There are several, and no limit says that the first will do.
        """
        found = self._fetch(session, _kept(self._lists, _UNSORTED, self._single), parameters)
        if len(found) > 1:
            raise NonUniqueResultError(f"{description} found more than one {self.mapping.name}")
        return found[0] if found else None

    def page(self, session: Session, parameters: Parameters, pageable: Pageable) -> Page[T]:
        """Return one page in a stable order; the total is counted only when the page does not tell it."""
        if not pageable.is_paged:
            items = self.all(session, parameters, pageable.sort)
            return Page(items, len(items), pageable.page, pageable.size)
        items = self._part(session, parameters, pageable, pageable.size)
        if len(items) < pageable.size and (items or pageable.offset == 0):
            return Page(items, pageable.offset + len(items), pageable.page, pageable.size)
        return Page(items, self.count(session, parameters), pageable.page, pageable.size)

    def window(self, session: Session, parameters: Parameters, pageable: Pageable) -> Slice[T]:
        """Return one page without ever counting."""
        if not pageable.is_paged:
            return Slice(self.all(session, parameters, pageable.sort), 1, pageable.size, False)
        items = self._part(session, parameters, pageable, pageable.size + 1)
        return Slice(items[: pageable.size], pageable.page, pageable.size, len(items) > pageable.size)

    def scroll(self, session: Session, parameters: Parameters, scroll: Scroll) -> Cursor[T]:
        """Return the items after a position.

        Raises:
            InvalidRequestException: The token of the position is not valid.
        """
        keyset = _kept(self._keysets, scroll.sort, self._keyset)
        key = None if scroll.after is None else keyset.read(scroll.after)
        items, last = self._after(session, parameters, (scroll.sort, keyset, key), scroll.size)
        return Cursor(items, scroll.size, None if last is None else keyset.written(last))

    def chunk(
        self, session: Session, parameters: Parameters, sort: Sort, key: Row | None, size: int
    ) -> tuple[list[T], Row | None]:
        """Return the *size* items after *key*, and the key of the last one if more follow."""
        keyset = _kept(self._keysets, sort, self._keyset)
        return self._after(session, parameters, (sort, keyset, key), size)

    def count(self, session: Session, parameters: Parameters) -> int:
        """Return how many there are."""
        return session.execute(self._count, parameters).scalar_one()

    def exists(self, session: Session, parameters: Parameters) -> bool:
        """Return whether there is any."""
        return bool(session.execute(self._exists, parameters).scalar_one())

    def delete(self, session: Session, parameters: Parameters) -> int:
        """Remove them and return how many there were; one by one where that means more than a row."""
        is_heard = is_heard_in(session, self.mapping.model)
        if self.mapping.deletes_in_bulk and self._limit is None and not is_heard:
            return int(getattr(session.execute(self._delete, parameters), "rowcount", 0))
        entities = self.all(session, parameters)
        for entity in entities:
            remove(session, entity)
        session.flush()
        return len(entities)

    def _rows(self, *more: Any) -> Select[Any]:
        if self._projection is None:
            return select(self.mapping.model).where(*self._criteria)
        columns = [self.mapping.column(name) for name in self._projection.names]
        return select(*columns, *more).where(*self._criteria)

    def _counted(self, *, distinct: bool) -> Any:
        return self._select.order_by(None).subquery() if distinct else self.mapping.model

    def _part(self, session: Session, parameters: Parameters, pageable: Pageable, size: int) -> list[T]:
        bounds = {"pyfly_limit": size, "pyfly_offset": pageable.offset}
        statement = _kept(self._pages, pageable.sort, self._paging)
        return self._fetch(session, statement, {**parameters, **bounds})

    def _after(
        self,
        session: Session,
        parameters: Parameters,
        position: tuple[Sort, Keyset, Row | None],
        size: int,
    ) -> tuple[list[T], Row | None]:
        sort, keyset, key = position
        nulls = () if key is None else tuple(value is None for value in key)
        statement = _kept(self._scrolls, (sort, nulls), lambda _key: self._scrolling(keyset, nulls))
        bound = {f"k_{i}": value for i, value in enumerate(key or ()) if value is not None}
        rows = self._keyed(session, statement, {**parameters, **bound, "pyfly_limit": size + 1}, keyset)
        items = [item for item, _key in rows[:size]]
        return items, rows[size - 1][1] if len(rows) > size else None

    def _keyed(
        self, session: Session, statement: Select[T], parameters: Parameters, keyset: Keyset
    ) -> list[tuple[T, Row]]:
        if self._projection is None:
            names = [column.key for column in keyset.columns]
            found = self._fetch(session, statement, parameters)
            return [(item, [getattr(item, name) for name in names]) for item in found]
        width, make = len(self._projection.names), self._projection.make
        rows = session.execute(statement, parameters).all()
        return [(make(*row[:width]), row[width:]) for row in rows]

    def _fetch(self, session: Session, statement: Select[T], parameters: Parameters) -> list[T]:
        found = session.execute(statement, parameters)
        if self._projection is not None:
            return [self._projection.make(*row) for row in found]
        rows = found.scalars()
        return list((rows.unique() if self.mapping.joins_eagerly else rows).all())

    def _listing(self, sort: Sort) -> Select[T]:
        statement = self._select.order_by(*self._ordering(sort))
        return statement if self._limit is None else statement.limit(self._limit)

    def _single(self, sort: Sort) -> Select[T]:
        return self._select.order_by(*self._ordering(sort)).limit(self._limit or 2)

    def _paging(self, sort: Sort) -> Select[T]:
        ordering = self._ordering(sort, stable=True)
        return self._select.order_by(*ordering).limit(_LIMIT).offset(_OFFSET)

    def _keyset(self, sort: Sort) -> Keyset:
        return Keyset(self.mapping, self._order.and_then(sort))

    def _scrolling(self, keyset: Keyset, nulls: tuple[bool, ...]) -> Select[T]:
        rows = self._select if self._projection is None else self._rows(*keyset.columns)
        after = rows.where(keyset.after(nulls)) if nulls else rows
        return after.order_by(*keyset.ordering()).limit(_LIMIT)

    def _ordering(self, sort: Sort, *, stable: bool = False) -> list[Any]:
        return [*self.mapping.ordering(self._order.and_then(sort), stable=stable)]


def _kept(known: dict[K, S], key: K, build: Callable[[K], S]) -> S:
    statement = known.get(key)
    if statement is None:
        statement = build(key)
        if len(known) < _KEPT_ORDERS:
            known[key] = statement
    return statement


def batches(items: Sequence[S], size: int) -> Iterator[Sequence[S]]:
    """Yield *items* in parts of *size*."""
    return (items[start : start + size] for start in range(0, len(items), size))
