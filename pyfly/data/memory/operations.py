"""What a repository does on entities in memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pyfly.data import cursor_token
from pyfly.data.derivation.shapes import Projection
from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.memory.entities import EntityModel, Key, sort_key
from pyfly.data.memory.matching import Test, both, condition, matcher
from pyfly.data.memory.store import MemorySession, not_unique
from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort, Window
from pyfly.data.specification import Specification
from pyfly.kernel.exceptions import ConcurrencyException

T = TypeVar("T")
Filters = Mapping[str, object]


class Selected(Generic[T]):
    """The entities that pass a test, in every shape that a repository offers."""

    def __init__(
        self, model: EntityModel[T], test: Test | None, sort: Sort = Sort(), limit: int | None = None,  # noqa: B008
        projection: Projection | None = None, *, distinct: bool = False,
    ) -> None:  # fmt: skip
        """Select the entities of *model* that pass *test*, at most *limit* of them in the order *sort*.

        With *distinct*, of those that are equal in what *projection* shows there is the first alone.
        """
        self._model = model
        self._test = test
        self._sort = sort
        self._limit = limit
        self._projection = projection
        self._shown = projection.names if projection is not None and distinct else ()
        for order in sort.orders:
            model.require(order.property)

    def all(self, session: MemorySession, sort: Sort = Sort()) -> list[Any]:  # noqa: B008
        """Return all of them."""
        return self._given(self._ordered(session, sort))

    def one(self, session: MemorySession, description: str) -> Any:
        """Return the only one, or ``None``."""
        found = self._ordered(session, Sort())
        if len(found) > 1:
            raise NonUniqueResultError(f"{description} found more than one {self._model.name}")
        return self._given(found)[0] if found else None

    def page(self, session: MemorySession, pageable: Pageable) -> Page[Any]:
        """Return one page."""
        rows = self._ordered(session, pageable.sort)
        if not pageable.is_paged:
            return Page(self._given(rows), len(rows), pageable.page, pageable.size)
        part = rows[pageable.offset : pageable.offset + pageable.size]
        return Page(self._given(part), len(rows), pageable.page, pageable.size)

    def window(self, session: MemorySession, pageable: Pageable) -> Slice[Any]:
        """Return one page without the total."""
        page = self.page(session, pageable)
        return Slice(page.items, page.page, page.size, pageable.is_paged and page.has_next)

    def scroll(self, session: MemorySession, scroll: Scroll) -> Cursor[Any]:
        """Return those after a position."""
        names = self._names(scroll.sort)
        sort = self._sort.and_then(scroll.sort)
        key = None if scroll.after is None else cursor_token.read(scroll.after, sort, [None] * len(names))
        items, last = self.chunk(session, scroll.sort, key, scroll.size)
        return Cursor(items, scroll.size, None if last is None else cursor_token.written(last, sort))

    def chunk(
        self, session: MemorySession, sort: Sort, key: Sequence[Any] | None, size: int
    ) -> tuple[list[Any], list[Any] | None]:
        """Return the next *size* after *key*, and the key of the last one if more follow."""
        rows = self._model.sorted(self._passing(session), self._sort.and_then(sort), nulls_last=True)
        names = self._names(sort)
        if key is not None:
            rows = [row for row in rows if self._is_after(row, key, names, sort)]
        more = [getattr(rows[size - 1], name) for name in names] if len(rows) > size else None
        return self._given(rows[:size]), more

    def count(self, session: MemorySession) -> int:
        """Return how many they are."""
        return len(self._passing(session))

    def delete(self, session: MemorySession) -> int:
        """Remove them."""
        found = self._ordered(session, Sort())
        for row in found:
            session.put(self._model, self._model.key_of(row), None)
        return len(found)

    def _passing(self, session: MemorySession) -> list[T]:
        return self._distinct(self._found(session))

    def _found(self, session: MemorySession) -> list[T]:
        test = self._test
        return [row for row in session.all(self._model) if test is None or test(row)]

    def _distinct(self, rows: list[T]) -> list[T]:
        if not self._shown:
            return rows
        seen, found = list[Key](), list[T]()
        for row in rows:
            shown = tuple(getattr(row, name) for name in self._shown)
            if shown not in seen:  # Values need not be hashable.
                seen.append(shown)
                found.append(row)
        return found

    def _ordered(self, session: MemorySession, sort: Sort) -> list[T]:
        rows = self._distinct(self._model.sorted(self._found(session), self._sort.and_then(sort)))
        return rows if self._limit is None else rows[: self._limit]

    def _given(self, rows: list[T]) -> list[Any]:
        if (projection := self._projection) is not None:
            return [projection.make(*(getattr(row, name) for name in projection.names)) for row in rows]
        return [self._model.copied(row) for row in rows]

    def _names(self, sort: Sort) -> list[str]:
        named = [self._model.require(o.property) for o in self._sort.and_then(sort).orders]
        return [*dict.fromkeys([*named, *self._model.identity])]

    def _is_after(self, row: T, key: Sequence[Any], names: list[str], sort: Sort) -> bool:
        descending = {o.property: o.direction == "desc" for o in self._sort.and_then(sort).orders}
        for name, given in zip(names, key, strict=True):
            value = getattr(row, name)
            if value == given:
                continue
            if value is None or given is None:
                return value is None
            return bool((sort_key(value) > sort_key(given)) is not descending.get(name, False))
        return False


class MemoryOperations(Generic[T]):
    """Reads and writes the entities of one class."""

    def __init__(self, model: EntityModel[T]) -> None:
        """Work on the entities of *model*."""
        self.model = model

    def find_by_id(self, session: MemorySession, identity: object) -> T | None:
        """Return the entity with that identity, or ``None``."""
        row = session.get(self.model, self.model.key(identity))
        return None if row is None else self.model.copied(row)

    def find_all_by_id(self, session: MemorySession, identities: Sequence[object]) -> list[T]:
        """Return the entities with those identities in their order."""
        found = [self.find_by_id(session, identity) for identity in identities]
        return [entity for entity in found if entity is not None]

    def find_all(self, session: MemorySession, sort: Sort, filters: Filters) -> list[T]:
        """Return the entities whose properties equal *filters*."""
        return self._matching(filters).all(session, sort)

    def find_page(self, session: MemorySession, pageable: Pageable, filters: Filters) -> Page[T]:
        """Return one page of them."""
        return self._matching(filters).page(session, pageable)

    def find_slice(self, session: MemorySession, pageable: Pageable, filters: Filters) -> Slice[T]:
        """Return one page of them without counting the rest."""
        return self._matching(filters).window(session, pageable)

    def scroll(self, session: MemorySession, scroll: Scroll, filters: Filters) -> Cursor[T]:
        """Return those after a position."""
        return self._matching(filters).scroll(session, scroll)

    def chunk(
        self, session: MemorySession, sort: Sort, filters: Filters, key: Any, size: int
    ) -> tuple[list[T], Any]:
        """Return the next *size* of them after *key*, and the key to go on from."""
        return self._matching(filters).chunk(session, sort, key, size)

    def count(self, session: MemorySession, filters: Filters) -> int:
        """Return how many they are."""
        return self._matching(filters).count(session)

    def exists(self, session: MemorySession, identity: object) -> bool:
        """Return whether an entity has that identity."""
        return session.get(self.model, self.model.key(identity)) is not None

    def select(self, session: MemorySession, specification: Specification[Any], window: Window | None) -> Any:
        """Return what meets *specification*, as *window* asks for it."""
        selected = self._selected(specification)
        if isinstance(window, Pageable):
            return selected.page(session, window)
        if isinstance(window, Scroll):
            return selected.scroll(session, window)
        return selected.all(session, window or Sort())

    def select_one(self, session: MemorySession, specification: Specification[Any]) -> T | None:
        """Return the only one that meets *specification*, or ``None``."""
        found: T | None = self._selected(specification).one(session, "find_one_by_spec")
        return found

    def count_selected(self, session: MemorySession, specification: Specification[Any]) -> int:
        """Return how many meet *specification*."""
        return self._selected(specification).count(session)

    def any_selected(self, session: MemorySession, specification: Specification[Any]) -> bool:
        """Return whether one meets *specification*."""
        return self._selected(specification).count(session) > 0

    def delete_selected(self, session: MemorySession, specification: Specification[Any]) -> int:
        """Remove those that meet *specification*."""
        return self._selected(specification).delete(session)

    def are_new(self, session: MemorySession, entities: Sequence[T]) -> list[bool]:
        """Return for each of *entities* whether saving it would create it."""
        return [session.get(self.model, self.model.key_of(entity)) is None for entity in entities]

    def stored_version(self, session: MemorySession, entity: T) -> Any:
        """Return which version of *entity* is stored now."""
        stored = session.get(self.model, self.model.key_of(entity))
        return None if stored is None or self.model.version is None else getattr(stored, self.model.version)

    def loaded(self, session: MemorySession, targets: Sequence[object]) -> list[T]:
        """Return the stored entities that *targets* stand for."""
        rows = [session.get(self.model, self.model.key_or_itself(target)) for target in targets]
        return [self.model.copied(row) for row in rows if row is not None]

    def save(self, session: MemorySession, entity: T) -> T:
        """Insert or update *entity*."""
        return self.save_all(session, (entity,))[0]

    def save_all(self, session: MemorySession, entities: Sequence[T]) -> list[T]:
        """Insert or update *entities*, all or none."""
        mark, before = session.mark(), list[tuple[T, dict[str, object]]]()
        try:
            return [self._put(session, entity, before) for entity in entities]
        except BaseException:
            session.back_to(mark)
            for entity, values in reversed(before):
                self.model.with_values(entity, values)
            raise

    def delete(self, session: MemorySession, target: object) -> None:
        """Remove an entity, given itself or its identity."""
        key = self.model.key_or_itself(target)
        stored = session.get(self.model, key)
        if stored is not None:
            if isinstance(target, self.model.model):
                self._check_version(target, stored)
            session.put(self.model, key, None)

    def delete_by_id(self, session: MemorySession, identity: object) -> None:
        """Remove the entity with that identity."""
        self.delete(session, identity)

    def delete_each(self, session: MemorySession, targets: Iterable[object]) -> None:
        """Remove every one of *targets*."""
        for target in targets:
            self.delete(session, target)

    def delete_all(self, session: MemorySession) -> None:
        """Remove every entity there is."""
        Selected(self.model, None).delete(session)

    def restore(self, session: MemorySession, identity: object) -> T | None:
        """Return the entity: nothing is only marked as deleted here."""
        return self.find_by_id(session, identity)

    def purge(self, session: MemorySession, identity: object) -> None:
        """Remove the entity for good."""
        self.delete(session, identity)

    def _put(self, session: MemorySession, entity: T, before: list[tuple[T, dict[str, object]]]) -> T:
        """Store a copy of *entity* and return it with what it was given, noting what it had *before*."""
        given = self._identity_for(session, entity)
        kept = self.model.with_values(self.model.copied(entity), given)
        stored = session.get(self.model, self.model.key_of(kept))
        if self.model.version is not None:
            given[self.model.version] = self._next_version(self.model.version, kept, stored)
            kept = self.model.with_values(kept, given)
        if self.model.violated(kept, session.all(self.model)):
            raise not_unique()
        session.put(self.model, self.model.key_of(kept), kept)
        before.append((entity, {name: getattr(entity, name) for name in given}))
        return self.model.with_values(entity, given)

    def _identity_for(self, session: MemorySession, entity: T) -> dict[str, object]:
        """Return the identity that *entity* gets, if it has none."""
        key: Key = self.model.key_of(entity)
        if None not in key or len(key) > 1:
            return {}
        identity = self.model.new_id()
        while session.get(self.model, (identity,)) is not None:
            identity = self.model.new_id()
        return {self.model.identity[0]: identity}

    def _next_version(self, name: str, entity: T, stored: T | None) -> int:
        if stored is not None:
            self._check_version(entity, stored)
            return int(getattr(stored, name)) + 1
        if getattr(entity, name) not in (None, 0, self.model.first_version):
            raise _stale(None)  # It was stored once.
        return 1

    def _check_version(self, entity: object, stored: object) -> None:
        name = self.model.version
        if name is None:
            return
        own, current = getattr(entity, name), getattr(stored, name)
        if own is not None and own != current:
            raise _stale(current)

    def _matching(self, filters: Filters) -> Selected[T]:
        if not filters:
            return Selected(self.model, None)
        return Selected(self.model, both([self._equal(name, value) for name, value in filters.items()]))

    def _equal(self, name: str, value: object) -> Test:
        path = self.model.require(name)
        if value is None:
            return condition(self.model, path, "is_null", [])
        return condition(self.model, path, "eq", [value])

    def _selected(self, specification: Specification[Any]) -> Selected[T]:
        return Selected(self.model, matcher(specification, self.model))


def _stale(current: object) -> ConcurrencyException:
    return ConcurrencyException(
        "The data was changed or removed by someone else meanwhile",
        "STALE_DATA",
        {"current_version": current},
    )
