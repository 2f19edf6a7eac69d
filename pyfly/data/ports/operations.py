"""Port: what a repository does on its store, written as plain functions of a session of that store."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort
from pyfly.data.specification import Specification

T = TypeVar("T")
Filters = Mapping[str, object]


class Operations(Protocol[T]):
    """Port: reads and writes the entities of one type. Nothing here commits.

    ``session`` is whatever the store's transactions hand out.
    """

    def find_by_id(self, session: Any, identity: object) -> T | None:
        """Return the entity with that identity, or ``None``."""

    def find_all_by_id(self, session: Any, identities: Sequence[object]) -> list[T]:
        """Return the entities with those identities in their order; absent ones are left out."""

    def find_all(self, session: Any, sort: Sort, filters: Filters) -> list[T]:
        """Return the entities whose properties equal *filters*."""

    def find_page(self, session: Any, pageable: Pageable, filters: Filters) -> Page[T]:
        """Return one page of them, in a stable order."""

    def find_slice(self, session: Any, pageable: Pageable, filters: Filters) -> Slice[T]:
        """Return one page of them without counting the rest."""

    def scroll(self, session: Any, scroll: Scroll, filters: Filters) -> Cursor[T]:
        """Return those after a position."""

    def chunk(self, session: Any, sort: Sort, filters: Filters, key: Any, size: int) -> tuple[list[T], Any]:
        """Return the next *size* of them after *key*, and the key to go on from; ``None`` at the end."""

    def count(self, session: Any, filters: Filters) -> int:
        """Return how many they are."""

    def exists(self, session: Any, identity: object) -> bool:
        """Return whether an entity has that identity."""

    def select(self, session: Any, specification: Specification[Any], window: Any) -> Any:
        """Return what meets *specification*: a list, or the page or cursor that *window* asks for."""

    def select_one(self, session: Any, specification: Specification[Any]) -> T | None:
        """Return the only one that meets *specification*, or ``None``."""

    def count_selected(self, session: Any, specification: Specification[Any]) -> int:
        """Return how many meet *specification*."""

    def any_selected(self, session: Any, specification: Specification[Any]) -> bool:
        """Return whether one meets *specification*."""

    def delete_selected(self, session: Any, specification: Specification[Any]) -> int:
        """Remove those that meet *specification*, and return how many they were."""

    def are_new(self, session: Any, entities: Sequence[T]) -> list[bool]:
        """Return for each of *entities* whether saving it would create it."""

    def stored_version(self, session: Any, entity: T) -> Any:
        """Return which version of *entity* is stored now; ``None`` if there are no versions."""

    def loaded(self, session: Any, targets: Sequence[object]) -> list[T]:
        """Return the stored entities that *targets*, entities or identities, stand for."""

    def save(self, session: Any, entity: T) -> T:
        """Insert or update *entity*."""

    def save_all(self, session: Any, entities: Sequence[T]) -> list[T]:
        """Insert or update *entities*, all or none."""

    def delete(self, session: Any, target: object) -> None:
        """Remove an entity, given itself or its identity; an absent one is no error."""

    def delete_by_id(self, session: Any, identity: object) -> None:
        """Remove the entity with that identity; an absent one is no error."""

    def delete_each(self, session: Any, targets: Iterable[object]) -> None:
        """Remove every one of *targets*: entities or identities."""

    def delete_all(self, session: Any) -> None:
        """Remove every entity there is."""

    def restore(self, session: Any, identity: object) -> T | None:
        """Bring back an entity whose deletion was only marked, and return it."""

    def purge(self, session: Any, identity: object) -> None:
        """Remove an entity for good, marked as deleted or not."""
