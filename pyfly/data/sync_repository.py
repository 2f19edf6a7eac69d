"""The synchronous view of a repository: the same calls, answered at once."""

# ruff: noqa: SLF001  # two views of one object

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, TypeVar, overload

from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort
from pyfly.data.repository_reads import CHUNK, required, signed_sort
from pyfly.data.specification import Specification
from pyfly.kernel.exceptions import ConcurrencyException

T = TypeVar("T")
ID = TypeVar("ID")


class SyncRepository(Generic[T, ID]):
    """What a repository offers, for threads, scripts and commands; ``repository.sync`` gives it.

    Query methods of the repository can be called as well; streams are ordinary iterators.
    """

    def __init__(self, repository: Any) -> None:
        """Answer for *repository*."""
        self._repository = repository
        self._operations = repository._operations

    def __getattr__(self, name: str) -> Any:
        method = self._repository.query_methods().find(type(self._repository), name)
        if method is None:
            raise AttributeError(f"{type(self._repository).__name__} has no query method '{name}'")
        if method.writes:
            return lambda *args, **kwargs: method.call(partial(self._change, method.doomed), args, kwargs)
        return lambda *args, **kwargs: method.call(self._read, args, kwargs)

    def save(self, entity: T) -> T:
        """Insert or update *entity* and return the stored one."""
        try:
            return self.save_all([entity])[0]
        except ConcurrencyException as failure:
            manager = self._repository._transactions.sync
            if "current_version" not in failure.context and manager.current() is None:
                failure.context["current_version"] = self._read(self._operations.stored_version, entity)
            raise

    def save_all(self, entities: Iterable[T]) -> list[T]:
        """Insert or update *entities* together and return the stored ones in the same order."""
        several = list(entities)
        repository = self._repository
        if repository._is_quiet(several):
            saved: list[T] = self._write(self._operations.save_all, several)
            return saved
        with repository._transactions.transaction_sync():
            hooks = repository._own_hooks
            new = self._read(self._operations.are_new, several) if hooks else []
            for entity, is_new in zip(several, new, strict=False):
                hooks.before_now("create" if is_new else "update", entity)
            stored: list[T] = self._write(self._operations.save_all, several)
            for entity, is_new in zip(stored, new, strict=False):
                hooks.after_now("create" if is_new else "update", entity)
            repository._tell(several)
        return stored

    def find_by_id(self, id: ID) -> T | None:
        """Return the entity with that id, or ``None``."""
        found: T | None = self._read(self._operations.find_by_id, id)
        return found

    def get_by_id(self, id: ID) -> T:
        """Return the entity with that id.

        Raises:
            ResourceNotFoundException: There is none.
        """
        return required(self.find_by_id(id), self._repository._model)

    def find_all_by_id(self, ids: Iterable[ID]) -> list[T]:
        """Return the entities with those ids, in their order; absent ones are left out."""
        found: list[T] = self._read(self._operations.find_all_by_id, list(ids))
        return found

    @overload
    def find_all(self, sort_or_pageable: Pageable, /, **filters: Any) -> Page[T]: ...
    @overload
    def find_all(self, sort_or_pageable: Scroll, /, **filters: Any) -> Cursor[T]: ...
    @overload
    def find_all(self, sort_or_pageable: Sort | None = None, /, **filters: Any) -> list[T]: ...
    def find_all(self, sort_or_pageable: Any = None, /, **filters: Any) -> Any:
        """Return the entities whose properties equal *filters*: a list, a page or a cursor."""
        if isinstance(sort_or_pageable, Pageable):
            return self._read(self._operations.find_page, sort_or_pageable, filters)
        if isinstance(sort_or_pageable, Scroll):
            return self._read(self._operations.scroll, sort_or_pageable, filters)
        return self._read(self._operations.find_all, sort_or_pageable or Sort(), filters)

    def find_slice(self, pageable: Pageable, /, **filters: Any) -> Slice[T]:
        """Return one page of the entities whose properties equal *filters*, without counting them."""
        found: Slice[T] = self._read(self._operations.find_slice, pageable, filters)
        return found

    def find_paginated(self, page: int = 1, size: int = 20, pageable: Pageable | None = None) -> Page[T]:
        """Return page number *page*; *pageable* wins over the other two and may sort."""
        return self.find_all(pageable or Pageable(page, size))

    def find_all_paged(self, page: int = 1, size: int = 20, sort: list[str] | None = None) -> Page[T]:
        """Return page number *page*, ordered by the properties of *sort*; ``-name`` sorts descending."""
        return self.find_all(Pageable(page, size, signed_sort(sort or ())))

    def stream(self, sort: Sort | None = None, /, **filters: Any) -> Iterator[T]:
        """Yield the entities whose properties equal *filters*; some hundred are in memory at once."""
        key, more = None, True
        while more:
            items, key = self._read(self._operations.chunk, sort or Sort(), filters, key, CHUNK)
            yield from items
            more = key is not None

    def count(self, /, **filters: Any) -> int:
        """Return how many entities there are whose properties equal *filters*."""
        counted: int = self._read(self._operations.count, filters)
        return counted

    def exists(self, id: ID) -> bool:
        """Return whether an entity has that id, without loading it."""
        found: bool = self._read(self._operations.exists, id)
        return found

    def exists_by_id(self, id: ID) -> bool:
        """Return whether an entity has that id, without loading it."""
        return self.exists(id)

    @overload
    def find_all_by_spec(self, spec: Specification[T], window: Pageable) -> Page[T]: ...
    @overload
    def find_all_by_spec(self, spec: Specification[T], window: Scroll) -> Cursor[T]: ...
    @overload
    def find_all_by_spec(self, spec: Specification[T], window: Sort | None = None) -> list[T]: ...
    def find_all_by_spec(self, spec: Specification[T], window: Any = None) -> Any:
        """Return the entities that meet *spec*: a list, a page or a cursor."""
        return self._read(self._operations.select, spec, window)

    def find_all_by_spec_paged(self, spec: Specification[T], pageable: Pageable) -> Page[T]:
        """Return one page of the entities that meet *spec*."""
        return self.find_all_by_spec(spec, pageable)

    def find_one_by_spec(self, spec: Specification[T]) -> T | None:
        """Return the only entity that meets *spec*, or ``None``."""
        found: T | None = self._read(self._operations.select_one, spec)
        return found

    def count_by_spec(self, spec: Specification[T]) -> int:
        """Return how many entities meet *spec*."""
        counted: int = self._read(self._operations.count_selected, spec)
        return counted

    def exists_by_spec(self, spec: Specification[T]) -> bool:
        """Return whether an entity meets *spec*."""
        found: bool = self._read(self._operations.any_selected, spec)
        return found

    def delete_by_spec(self, spec: Specification[T]) -> int:
        """Remove the entities that meet *spec*, and return how many they were."""
        removed: int = self._change(
            lambda session, *_: self._operations.select(session, spec, None),
            self._operations.delete_selected,
            spec,
        )
        return removed

    def delete(self, entity_or_id: T | ID) -> None:
        """Remove an entity, given itself or its id; an absent one is not an error."""
        self._delete((entity_or_id,), self._operations.delete, entity_or_id)

    def delete_by_id(self, id: ID) -> None:
        """Remove the entity with that id; an absent one is not an error."""
        self._delete((id,), self._operations.delete_by_id, id)

    def delete_all(self, entities_or_ids: Iterable[T | ID] | None = None) -> None:
        """Remove the given entities (themselves or their ids), or every one there is."""
        if entities_or_ids is None:
            self._change(
                lambda session: self._operations.find_all(session, Sort(), {}), self._operations.delete_all
            )
        else:
            several = list(entities_or_ids)
            self._delete(several, self._operations.delete_each, several)

    def delete_all_by_id(self, ids: Iterable[ID]) -> None:
        """Remove the entities with those ids; absent ones are not an error."""
        self.delete_all(ids)

    def restore(self, id: ID) -> T:
        """Bring back an entity whose deletion was only marked."""
        found: T | None = self._change(None, self._operations.restore, id)
        return required(found, self._repository._model)

    def purge(self, id: ID) -> None:
        """Remove an entity for good; an absent one is not an error."""
        self._delete((id,), self._operations.purge, id)

    def _delete(self, targets: Sequence[Any], operation: Any, argument: Any) -> None:
        repository = self._repository
        if repository._is_quiet(targets):
            self._write(operation, argument)
            return
        with repository._transactions.transaction_sync():
            hooks = repository._own_hooks
            gone = self._read(self._operations.loaded, targets) if hooks else []
            for entity in gone:
                hooks.before_now("delete", entity)
            self._write(operation, argument)
            for entity in gone:
                hooks.after_now("delete", entity)
            repository._tell(targets)

    def _change(self, doomed: Any, operation: Any, *args: Any) -> Any:
        repository = self._repository
        if not repository._is_heard:
            return self._write(operation, *args)
        with repository._transactions.transaction_sync():
            hooks = repository._own_hooks
            gone = [] if hooks is None or doomed is None else self._read(doomed, *args)
            for entity in gone:
                hooks.before_now("delete", entity)
            result = self._write(operation, *args)
            for entity in gone:
                hooks.after_now("delete", entity)
        return result

    def _read(self, operation: Any, *args: Any) -> Any:
        return self._repository.run_read_now(operation, *args)

    def _write(self, operation: Any, *args: Any) -> Any:
        return self._repository._transactions.sync.write(operation, *args)
