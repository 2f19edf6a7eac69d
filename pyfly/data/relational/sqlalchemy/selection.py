"""The statements of one criterion, built once with bind parameters and kept per order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, delete, exists, func, select
from sqlalchemy.orm import Session

from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.page import Page, Slice
from pyfly.data.pageable import Pageable, Sort
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping

T = TypeVar("T")
S = TypeVar("S")
Parameters = Mapping[str, Any]

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
    ) -> None:
        """Select the entities of *mapping* that meet all *criteria*.

        Args:
            mapping: The entity.
            criteria: Conditions whose values are bind parameters.
            order: Sorts the result before any order that a caller asks for.
            limit: Most entities ever returned.
            distinct: Return equal rows once.
        """
        self.mapping = mapping
        self._order = order
        self._limit = limit
        self._select = select(mapping.model).where(*criteria)
        if distinct:
            self._select = self._select.distinct()
        self._count: Select[int] = select(func.count()).select_from(mapping.model).where(*criteria)
        self._exists = select(exists(select(mapping.model).where(*criteria)))
        self._delete = delete(mapping.model).where(*criteria)
        self._lists: dict[Sort, Select[T]] = {}
        self._pages: dict[Sort, Select[T]] = {}

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

    def count(self, session: Session, parameters: Parameters) -> int:
        """Return how many there are."""
        return session.execute(self._count, parameters).scalar_one()

    def exists(self, session: Session, parameters: Parameters) -> bool:
        """Return whether there is any."""
        return bool(session.execute(self._exists, parameters).scalar_one())

    def delete(self, session: Session, parameters: Parameters) -> int:
        """Remove them and return how many there were; with relationships, through the mapper."""
        if not self.mapping.relationships and self._limit is None:
            return int(getattr(session.execute(self._delete, parameters), "rowcount", 0))
        entities = self.all(session, parameters)
        for entity in entities:
            session.delete(entity)
        session.flush()
        return len(entities)

    def _part(self, session: Session, parameters: Parameters, pageable: Pageable, size: int) -> list[T]:
        bounds = {"pyfly_limit": size, "pyfly_offset": pageable.offset}
        statement = _kept(self._pages, pageable.sort, self._paging)
        return self._fetch(session, statement, {**parameters, **bounds})

    def _fetch(self, session: Session, statement: Select[T], parameters: Parameters) -> list[T]:
        rows = session.execute(statement, parameters).scalars()
        return list((rows.unique() if self.mapping.joins_eagerly else rows).all())

    def _listing(self, sort: Sort) -> Select[T]:
        statement = self._select.order_by(*self._ordering(sort))
        return statement if self._limit is None else statement.limit(self._limit)

    def _single(self, sort: Sort) -> Select[T]:
        return self._select.order_by(*self._ordering(sort)).limit(self._limit or 2)

    def _paging(self, sort: Sort) -> Select[T]:
        ordering = self._ordering(sort, stable=True)
        return self._select.order_by(*ordering).limit(_LIMIT).offset(_OFFSET)

    def _ordering(self, sort: Sort, *, stable: bool = False) -> list[Any]:
        return [*self.mapping.ordering(self._order.and_then(sort), stable=stable)]


def _kept(known: dict[Sort, Select[S]], sort: Sort, build: Callable[[Sort], Select[S]]) -> Select[S]:
    statement = known.get(sort)
    if statement is None:
        statement = build(sort)
        if len(known) < _KEPT_ORDERS:
            known[sort] = statement
    return statement
