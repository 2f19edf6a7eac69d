"""What every repository can read, whatever its store."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Generic, TypeVar, overload

from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Order, Pageable, Scroll, Sort
from pyfly.data.ports.operations import Operations
from pyfly.data.specification import Specification
from pyfly.kernel.exceptions import ResourceNotFoundException

T = TypeVar("T")
ID = TypeVar("ID")

CHUNK = 500
"""How many entities a stream reads at once."""


class RepositoryReads(Generic[T, ID]):
    """The reading half of a repository."""

    _model: type[T]

    @property
    def _operations(self) -> Operations[T]:
        raise NotImplementedError

    async def run_read(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run *operation*, which only reads, in the current transaction or on its own."""
        raise NotImplementedError

    async def find_by_id(self, id: ID) -> T | None:
        """Return the entity with that id, or ``None``."""
        found: T | None = await self.run_read(self._operations.find_by_id, id)
        return found

    async def get_by_id(self, id: ID) -> T:
        """Return the entity with that id.

        Raises:
            ResourceNotFoundException: There is none.
        """
        return required(await self.find_by_id(id), self._model)

    async def find_all_by_id(self, ids: Iterable[ID]) -> list[T]:
        """Return the entities with those ids, in their order; absent ones are left out."""
        found: list[T] = await self.run_read(self._operations.find_all_by_id, list(ids))
        return found

    @overload
    async def find_all(self, sort_or_pageable: Pageable, /, **filters: Any) -> Page[T]: ...
    @overload
    async def find_all(self, sort_or_pageable: Scroll, /, **filters: Any) -> Cursor[T]: ...
    @overload
    async def find_all(self, sort_or_pageable: Sort | None = None, /, **filters: Any) -> list[T]: ...
    async def find_all(self, sort_or_pageable: Any = None, /, **filters: Any) -> Any:
        """Return the entities whose properties equal all of *filters* (``None`` means: has no value).

        Args:
            sort_or_pageable: A :class:`Sort` orders the list; a :class:`Pageable` makes it a
                :class:`Page`, a :class:`Scroll` a :class:`Cursor`.
            filters: Mapped properties and the values that they must have.

        Raises:
            UnknownPropertyError: A filter or the sort names something that is not mapped.
        """
        if isinstance(sort_or_pageable, Pageable):
            return await self.run_read(self._operations.find_page, sort_or_pageable, filters)
        if isinstance(sort_or_pageable, Scroll):
            return await self.run_read(self._operations.scroll, sort_or_pageable, filters)
        return await self.run_read(self._operations.find_all, sort_or_pageable or Sort(), filters)

    async def find_slice(self, pageable: Pageable, /, **filters: Any) -> Slice[T]:
        """Return one page of the entities whose properties equal *filters*, without counting them."""
        found: Slice[T] = await self.run_read(self._operations.find_slice, pageable, filters)
        return found

    async def find_paginated(
        self, page: int = 1, size: int = 20, pageable: Pageable | None = None
    ) -> Page[T]:
        """Return page number *page*; *pageable* wins over the other two and may sort."""
        wanted = pageable or Pageable(page, size)
        found: Page[T] = await self.run_read(self._operations.find_page, wanted, {})
        return found

    async def find_all_paged(self, page: int = 1, size: int = 20, sort: list[str] | None = None) -> Page[T]:
        """Return page number *page*, ordered by the properties of *sort*; ``-name`` sorts descending."""
        wanted = Pageable(page, size, signed_sort(sort or ()))
        found: Page[T] = await self.run_read(self._operations.find_page, wanted, {})
        return found

    def stream(self, sort: Sort | None = None, /, **filters: Any) -> AsyncIterator[T]:
        """Yield the entities whose properties equal *filters*; some hundred are in memory at once.

        Nothing is held open between two of them, so the consumer may take its time. What changes meanwhile
        may or may not be seen, unless a transaction keeps it away.
        """
        return self._streamed(sort or Sort(), filters)

    async def count(self, /, **filters: Any) -> int:
        """Return how many entities there are whose properties equal *filters*."""
        counted: int = await self.run_read(self._operations.count, filters)
        return counted

    async def exists(self, id: ID) -> bool:
        """Return whether an entity has that id, without loading it."""
        found: bool = await self.run_read(self._operations.exists, id)
        return found

    async def exists_by_id(self, id: ID) -> bool:
        """Return whether an entity has that id, without loading it."""
        return await self.exists(id)

    @overload
    async def find_all_by_spec(self, spec: Specification[T], window: Pageable) -> Page[T]: ...
    @overload
    async def find_all_by_spec(self, spec: Specification[T], window: Scroll) -> Cursor[T]: ...
    @overload
    async def find_all_by_spec(self, spec: Specification[T], window: Sort | None = None) -> list[T]: ...
    async def find_all_by_spec(self, spec: Specification[T], window: Any = None) -> Any:
        """Return the entities that meet *spec*; what *window* says is as in :meth:`find_all`."""
        return await self.run_read(self._operations.select, spec, window)

    async def find_all_by_spec_paged(self, spec: Specification[T], pageable: Pageable) -> Page[T]:
        """Return one page of the entities that meet *spec*."""
        found: Page[T] = await self.run_read(self._operations.select, spec, pageable)
        return found

    async def find_one_by_spec(self, spec: Specification[T]) -> T | None:
        """Return the only entity that meets *spec*, or ``None``.

        Raises:
            NonUniqueResultError: Several do.
        """
        found: T | None = await self.run_read(self._operations.select_one, spec)
        return found

    async def count_by_spec(self, spec: Specification[T]) -> int:
        """Return how many entities meet *spec*."""
        counted: int = await self.run_read(self._operations.count_selected, spec)
        return counted

    async def exists_by_spec(self, spec: Specification[T]) -> bool:
        """Return whether an entity meets *spec*."""
        found: bool = await self.run_read(self._operations.any_selected, spec)
        return found

    async def _streamed(self, sort: Sort, filters: dict[str, Any]) -> AsyncIterator[T]:
        key = None
        while True:
            items, key = await self.run_read(self._operations.chunk, sort, filters, key, CHUNK)
            for item in items:
                yield item
            if key is None:
                return


def required(found: T | None, model: type) -> T:
    """Return *found*, or raise that there is no such entity.

    Raises:
        ResourceNotFoundException: It is ``None``.
    """
    if found is None:
        raise ResourceNotFoundException(f"{model.__name__} not found", "NOT_FOUND")
    return found


def signed_sort(names: Iterable[str]) -> Sort:
    """Return the order by *names*; one that begins with a minus sorts descending."""
    orders = [Order.desc(name[1:]) if name.startswith("-") else Order.asc(name) for name in names]
    return Sort(tuple(orders))
