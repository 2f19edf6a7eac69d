"""What an application needs of a store, whichever technology is behind it."""

from typing import Any, Protocol, TypeVar, runtime_checkable

from pyfly.data.page import Page

T = TypeVar("T")
ID_contra = TypeVar("ID_contra", contravariant=True)


@runtime_checkable
class RepositoryPort(Protocol[T, ID_contra]):
    """Port: a collection of entities that outlives the process."""

    async def save(self, entity: T) -> T:
        """Insert or update *entity* and return the stored one."""

    async def find_by_id(self, id: ID_contra) -> T | None:
        """Return the entity with that id, or ``None``."""

    async def find_all(self, /, **filters: Any) -> list[T]:
        """Return the entities whose properties equal all of *filters*."""

    async def delete(self, id: ID_contra) -> None:
        """Remove the entity with that id; an absent one is not an error."""

    async def count(self) -> int:
        """Return how many entities there are."""

    async def exists(self, id: ID_contra) -> bool:
        """Return whether an entity has that id."""


@runtime_checkable
class SessionPort(Protocol):
    """Port: a unit of work whose boundaries the caller sets."""

    async def begin(self) -> Any:
        """Start the unit of work."""

    async def commit(self) -> None:
        """Make everything done since :meth:`begin` permanent."""

    async def rollback(self) -> None:
        """Undo everything done since :meth:`begin`."""


@runtime_checkable
class CrudRepository(Protocol[T, ID_contra]):
    """Port: create, read, update and delete."""

    async def save(self, entity: T) -> T:
        """Insert or update *entity* and return the stored one."""

    async def find_by_id(self, id: ID_contra) -> T | None:
        """Return the entity with that id, or ``None``."""

    async def find_all(self) -> list[T]:
        """Return every entity."""

    async def delete(self, entity: T) -> None:
        """Remove *entity*; an absent one is not an error."""

    async def delete_by_id(self, id: ID_contra) -> None:
        """Remove the entity with that id; an absent one is not an error."""

    async def count(self) -> int:
        """Return how many entities there are."""

    async def exists_by_id(self, id: ID_contra) -> bool:
        """Return whether an entity has that id."""


@runtime_checkable
class PagingRepository(CrudRepository[T, ID_contra], Protocol[T, ID_contra]):
    """Port: a :class:`CrudRepository` that reads page by page."""

    async def find_all_paged(self, page: int = 1, size: int = 20, sort: list[str] | None = None) -> Page[T]:
        """Return one page, ordered by the properties of *sort*; ``-name`` sorts descending."""
