"""Documents that pass a filter, in every shape that a repository offers."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from beanie import Document
from bson import ObjectId
from pydantic import TypeAdapter

from pyfly.data import cursor_token
from pyfly.data.deleted import is_deleted_included
from pyfly.data.derivation.shapes import Projection
from pyfly.data.document.mongodb.criteria import NEVER, all_of, any_of
from pyfly.data.document.mongodb.document import BaseDocument
from pyfly.data.document.mongodb.model import DocumentModel, Filter, hints_of
from pyfly.data.document.mongodb.session import MongoSession
from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort

T = TypeVar("T", bound=Document)
Ordering = list[tuple[str, int]]
"""Keys, and 1 for ascending or -1 for descending, as the driver takes them."""

UNSORTED = Sort()


class Selected(Generic[T]):
    """The documents that pass a filter."""

    def __init__(
        self,
        model: DocumentModel[T],
        passing: Filter,
        sort: Sort = UNSORTED,
        limit: int | None = None,
        projection: Projection | None = None,
    ) -> None:
        """Select the documents of *model* that are *passing*, at most *limit* of them in the order *sort*.

        Raises:
            UnknownPropertyError: The order names something that does not exist.
        """
        self._model = model
        self._filter = all_of((passing, offered(model)))
        self._sort = sort
        self._limit = limit
        self._projection = projection
        self.ordering(UNSORTED)

    def ordering(self, sort: Sort) -> Ordering:
        """Return this order and then *sort*, as the driver takes it; the id makes it total.

        Raises:
            UnknownPropertyError: It names something that does not exist.
        """
        return [(self._model.key(path), direction) for path, direction in self._paths(sort).items()]

    async def all(self, session: MongoSession, sort: Sort = UNSORTED) -> list[Any]:
        """Return all of them."""
        return self._given(await self._rows(session, sort, limit=self._limit or 0))

    async def one(self, session: MongoSession, description: str) -> Any:
        """Return the only one, or ``None``.

        Raises:
            NonUniqueResultError: There are several.
        """
        found = await self._rows(session, UNSORTED, limit=min(self._limit or 2, 2))
        if len(found) > 1:
            raise NonUniqueResultError(f"{description} found more than one {self._model.name}")
        return self._given(found)[0] if found else None

    async def page(self, session: MongoSession, pageable: Pageable) -> Page[Any]:
        """Return one page."""
        if not pageable.is_paged:
            items = await self.all(session, pageable.sort)
            return Page(items, len(items), pageable.page, pageable.size)
        total = await self.count(session)
        rows = await self._part(session, pageable, pageable.size) if total > pageable.offset else []
        return Page(self._given(rows), total, pageable.page, pageable.size)

    async def window(self, session: MongoSession, pageable: Pageable) -> Slice[Any]:
        """Return one page without the total."""
        if not pageable.is_paged:
            return Slice(await self.all(session, pageable.sort), pageable.page, pageable.size, False)
        rows = await self._part(session, pageable, pageable.size + 1)
        has_next = len(rows) > pageable.size
        return Slice(self._given(rows[: pageable.size]), pageable.page, pageable.size, has_next)

    async def scroll(self, session: MongoSession, scroll: Scroll) -> Cursor[Any]:
        """Return those after a position."""
        sort = self._sort.and_then(scroll.sort)
        key = None if scroll.after is None else self._read(scroll.after, sort, scroll.sort)
        items, last = await self.chunk(session, scroll.sort, key, scroll.size)
        return Cursor(items, scroll.size, None if last is None else cursor_token.written(_plain(last), sort))

    async def chunk(
        self, session: MongoSession, sort: Sort, key: Sequence[Any] | None, size: int
    ) -> tuple[list[Any], list[Any] | None]:
        """Return the next *size* after *key*, and the key of the last one if more follow."""
        ordering = self.ordering(sort)
        passing = self._filter if key is None else all_of((self._filter, _after(ordering, key)))
        rows = await self._find(session, passing, ordering, limit=size + 1)
        last = None
        if len(rows) > size:
            last = [_reached(rows[size - 1], place) for place, _direction in ordering]
        return self._given(rows[:size]), last

    async def count(self, session: MongoSession) -> int:
        """Return how many they are."""
        limited = {} if self._limit is None else {"limit": self._limit}
        collection = session.collection(self._model)
        found: int = await session.done(
            collection.count_documents(self._filter, session=session.client_session, **limited)
        )
        return found

    async def exists(self, session: MongoSession) -> bool:
        """Return whether there is one."""
        found = await session.done(
            session.collection(self._model).find_one(self._filter, {"_id": 1}, session=session.client_session)
        )
        return found is not None

    async def delete(self, session: MongoSession) -> int:
        """Remove them in one command, and return how many they were."""
        passing = self._filter
        if self._limit is not None:
            rows = await self._rows(session, UNSORTED, limit=self._limit)
            passing = {"_id": {"$in": [row["_id"] for row in rows]}}
        return await removed(session, self._model, passing)

    async def _part(self, session: MongoSession, pageable: Pageable, size: int) -> list[dict[str, Any]]:
        if self._limit is not None:
            size = min(size, self._limit - pageable.offset)
        if size <= 0:
            return []
        return await self._rows(session, pageable.sort, skip=pageable.offset, limit=size)

    async def _rows(
        self, session: MongoSession, sort: Sort, *, skip: int = 0, limit: int = 0
    ) -> list[dict[str, Any]]:
        return await self._find(session, self._filter, self.ordering(sort), skip=skip, limit=limit)

    async def _find(
        self, session: MongoSession, passing: Filter, ordering: Ordering, *, skip: int = 0, limit: int = 0
    ) -> list[dict[str, Any]]:
        cursor = session.collection(self._model).find(
            passing, session=session.client_session, skip=skip, limit=limit, sort=ordering
        )
        return await session.rows(cursor)

    def _given(self, rows: list[dict[str, Any]]) -> list[Any]:
        if self._projection is None:
            return [self._model.parsed(row) for row in rows]
        return projected(rows, self._projection, self._model)

    def _paths(self, sort: Sort) -> dict[str, int]:
        paths: dict[str, int] = {}
        for order in self._sort.and_then(sort).orders:
            paths.setdefault(self._model.require(order.property), -1 if order.direction == "desc" else 1)
        paths.setdefault("id", 1)
        return paths

    def _read(self, token: str, sort: Sort, given: Sort) -> list[Any]:
        paths = self._paths(given)
        values = cursor_token.read(token, sort, [None] * len(paths))
        return [self._restored(path, value) for path, value in zip(paths, values, strict=True)]

    def _restored(self, path: str, value: Any) -> Any:
        """Return *value* of a token as it is stored: ids are written as texts."""
        is_id = isinstance(value, str) and not self._model.is_text(path)
        return self._model.value(path, value) if is_id else value


def projected(rows: list[dict[str, Any]], projection: Projection, model: DocumentModel[Any]) -> list[Any]:
    """Return what *projection* makes of stored documents."""
    keys = [model.key(name) for name in projection.names]
    readers = [TypeAdapter(hints_of(model.model)[name]) for name in projection.names]
    return [
        projection.make(*(read.validate_python(_reached(row, key)) for read, key in zip(readers, keys, strict=True)))
        for row in rows
    ]  # fmt: skip


async def removed(session: MongoSession, model: DocumentModel[Any], passing: Filter) -> int:
    """Remove the documents that are *passing* in one command, or mark them; return how many they were."""
    collection, within = session.collection(model), {"session": session.client_session}
    if not model.is_softly_deleted:
        gone = await session.done(collection.delete_many(passing, **within))
        return int(gone.deleted_count)
    marked = await session.done(collection.update_many(passing, marking(model), **within))
    return int(marked.modified_count)


def marking(model: DocumentModel[Any]) -> list[Filter]:
    """Return the update that marks a document as deleted, which is a change of its version; it may not have any yet."""
    is_audited = issubclass(model.model, BaseDocument)
    mark: Filter = {"deleted_at": model.model.current_time() if is_audited else "$$NOW"}
    if model.version == "version":
        mark["version"] = {"$add": [{"$ifNull": ["$version", 0]}, 1]}
    return [{"$set": mark}]


def offered(model: DocumentModel[Any]) -> Filter:
    """Return the filter for documents of this class, without those that are marked as deleted unless they are asked for."""
    hides = model.is_softly_deleted and not is_deleted_included()
    return all_of((model.scope(), {"deleted_at": None} if hides else {}))


def _after(ordering: Ordering, key: Sequence[Any]) -> Filter:
    """Return the filter for what comes after *key*. MongoDB sorts what has no value before everything."""
    alternatives = []
    for place, (name, direction) in enumerate(ordering):
        beyond = _beyond(name, key[place], is_ascending=direction > 0)
        if beyond is not None:
            same = [{each: {"$eq": key[i]}} for i, (each, _) in enumerate(ordering[:place])]
            alternatives.append(all_of([*same, beyond]))
    return any_of(alternatives) if alternatives else NEVER


def _beyond(name: str, value: Any, *, is_ascending: bool) -> Filter | None:
    if is_ascending:
        return {name: {"$ne": None}} if value is None else {name: {"$gt": value}}
    return None if value is None else {"$or": [{name: {"$lt": value}}, {name: None}]}


def _reached(row: Any, key: str) -> Any:
    for part in key.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    return row


def _plain(key: list[Any]) -> list[Any]:
    return [str(value) if isinstance(value, ObjectId) else value for value in key]
