"""What a repository does on documents."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from beanie import Document
from beanie.odm.actions import ActionDirections, EventTypes

from pyfly.data.document.mongodb import saving
from pyfly.data.document.mongodb.criteria import ALWAYS, all_of, equal, verdict_on
from pyfly.data.document.mongodb.model import DocumentModel, Filter
from pyfly.data.document.mongodb.selection import Selected, removed
from pyfly.data.document.mongodb.session import MongoSession
from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort, Window
from pyfly.data.specification import Specification

T = TypeVar("T", bound=Document)
Filters = Mapping[str, object]


class MongoOperations(Generic[T]):
    """Reads and writes the documents of one class: the port ``Operations``, as coroutines."""

    def __init__(self, model: DocumentModel[T]) -> None:
        """Work on the documents of *model*."""
        self.model = model

    async def find_by_id(self, session: MongoSession, identity: object) -> T | None:
        """Return the document with that id, or ``None``."""
        return await self._by_id(identity).one(session, "find_by_id")  # type: ignore[no-any-return]

    async def find_all_by_id(self, session: MongoSession, identities: Sequence[object]) -> list[T]:
        """Return the documents with those ids in their order; absent ones are left out."""
        wanted = [self.model.identity(each) for each in identities]
        found = await self._among(wanted).all(session) if wanted else []
        by_id = {self.model.identity(document.id): document for document in found}
        return [by_id[each] for each in wanted if each in by_id]

    async def find_all(self, session: MongoSession, sort: Sort, filters: Filters) -> list[T]:
        """Return the documents whose properties equal *filters*."""
        return await self._matching(filters).all(session, sort)

    async def find_page(self, session: MongoSession, pageable: Pageable, filters: Filters) -> Page[T]:
        """Return one page of them."""
        return await self._matching(filters).page(session, pageable)

    async def find_slice(self, session: MongoSession, pageable: Pageable, filters: Filters) -> Slice[T]:
        """Return one page of them without counting the rest."""
        return await self._matching(filters).window(session, pageable)

    async def scroll(self, session: MongoSession, scroll: Scroll, filters: Filters) -> Cursor[T]:
        """Return those after a position."""
        return await self._matching(filters).scroll(session, scroll)

    async def chunk(
        self, session: MongoSession, sort: Sort, filters: Filters, key: Any, size: int
    ) -> tuple[list[T], Any]:
        """Return the next *size* of them after *key*, and the key to go on from."""
        return await self._matching(filters).chunk(session, sort, key, size)

    async def count(self, session: MongoSession, filters: Filters) -> int:
        """Return how many they are."""
        return await self._matching(filters).count(session)

    async def exists(self, session: MongoSession, identity: object) -> bool:
        """Return whether a document has that id."""
        return await self._by_id(identity).exists(session)

    async def select(
        self, session: MongoSession, specification: Specification[Any], window: Window | None
    ) -> Any:
        """Return what meets *specification*, as *window* asks for it."""
        selected = self._selected(specification)
        if isinstance(window, Pageable):
            return await selected.page(session, window)
        if isinstance(window, Scroll):
            return await selected.scroll(session, window)
        return await selected.all(session, window or Sort())

    async def select_one(self, session: MongoSession, specification: Specification[Any]) -> T | None:
        """Return the only one that meets *specification*, or ``None``."""
        found: T | None = await self._selected(specification).one(session, "find_one_by_spec")
        return found

    async def count_selected(self, session: MongoSession, specification: Specification[Any]) -> int:
        """Return how many meet *specification*."""
        return await self._selected(specification).count(session)

    async def any_selected(self, session: MongoSession, specification: Specification[Any]) -> bool:
        """Return whether one meets *specification*."""
        return await self._selected(specification).exists(session)

    async def delete_selected(self, session: MongoSession, specification: Specification[Any]) -> int:
        """Remove those that meet *specification*."""
        return await self._selected(specification).delete(session)

    async def are_new(self, session: MongoSession, entities: Sequence[T]) -> list[bool]:
        """Return for each of *entities* whether saving it would create it."""
        wanted = [self.model.identity(entity.id) for entity in entities if entity.id is not None]
        found = await self._raw(session, {"_id": {"$in": wanted}}, {"_id": 1}) if wanted else []
        stored = [self.model.identity(row["_id"]) for row in found]
        return [entity.id is None or self.model.identity(entity.id) not in stored for entity in entities]

    async def stored_version(self, session: MongoSession, entity: T) -> Any:
        """Return which version of *entity* is stored now."""
        return await saving.stored_version(session, self.model, self.model.identity(entity.id))

    async def loaded(self, session: MongoSession, targets: Sequence[object]) -> list[T]:
        """Return the stored documents that *targets* stand for."""
        wanted = [self.model.identity_or_own(target) for target in targets]
        return await self.find_all_by_id(session, [each for each in wanted if each is not None])

    async def save(self, session: MongoSession, entity: T) -> T:
        """Insert or update *entity*."""
        saved: T = await saving.save(session, self.model, entity)
        return saved

    async def save_all(self, session: MongoSession, entities: Sequence[T]) -> list[T]:
        """Insert or update *entities*, all or none."""
        return await saving.save_all(session, self.model, entities) if entities else []

    async def delete(self, session: MongoSession, target: object) -> None:
        """Remove a document, given itself or its id; an absent one is no error.

        Raises:
            ConcurrencyException: Its version is no longer the stored one.
        """
        if not isinstance(target, self.model.model):
            await removed(session, self.model, self._live(self.model.identity(target)))
            return
        if target.id is None:
            return
        await saving.run_actions(target, EventTypes.DELETE, ActionDirections.BEFORE)
        await self._delete_document(session, target)
        await saving.run_actions(target, EventTypes.DELETE, ActionDirections.AFTER)

    async def delete_by_id(self, session: MongoSession, identity: object) -> None:
        """Remove the document with that id; an absent one is no error."""
        await self.delete(session, identity)

    async def delete_each(self, session: MongoSession, targets: Iterable[object]) -> None:
        """Remove every one of *targets*, all or none."""
        several = [self._target(target) for target in targets]
        async with session.together() as unit:
            for target in several:
                await self.delete(unit, target)

    async def delete_all(self, session: MongoSession) -> None:
        """Remove every document there is."""
        await Selected(self.model, ALWAYS).delete(session)

    async def restore(self, session: MongoSession, identity: object) -> T | None:
        """Bring back a document whose deletion was only marked, and return it."""
        key = self.model.identity(identity)
        if self.model.is_softly_deleted:
            await session.done(
                session.collection(self.model).update_one(
                    self._same(key), {"$set": {"deleted_at": None}}, session=session.client_session
                )
            )
        return await self.find_by_id(session, key)

    async def purge(self, session: MongoSession, identity: object) -> None:
        """Remove a document for good, marked as deleted or not."""
        await session.done(
            session.collection(self.model).delete_one(
                self._same(self.model.identity(identity)), session=session.client_session
            )
        )

    async def _delete_document(self, session: MongoSession, document: Any) -> None:
        key = self.model.identity(document.id)
        version = None if self.model.version is None else getattr(document, self.model.version)
        if version is None:
            await removed(session, self.model, self._live(key))
            return
        same = {str(self.model.version): {"$eq": self.model.stored(version)}}
        gone = await removed(session, self.model, all_of((self._live(key), same)))
        if gone == 0 and (current := await saving.stored_version(session, self.model, key)) is not None:
            raise saving.stale(current)

    def _target(self, target: object) -> object:
        """Return a document, or an id as it is stored."""
        return target if isinstance(target, self.model.model) else self.model.identity(target)

    def _live(self, key: Any) -> Filter:
        return all_of((self._same(key), {"deleted_at": None} if self.model.is_softly_deleted else {}))

    def _same(self, key: Any) -> Filter:
        """Return the filter for the document with the id *key*, unless it is one of another class."""
        return all_of(({"_id": {"$eq": key}}, self.model.scope()))

    async def _raw(self, session: MongoSession, passing: Filter, keys: Filter) -> list[dict[str, Any]]:
        cursor = session.collection(self.model).find(passing, keys, session=session.client_session)
        return await session.rows(cursor)

    def _by_id(self, identity: object) -> Selected[T]:
        return Selected(self.model, {"_id": {"$eq": self.model.identity(identity)}})

    def _among(self, wanted: list[Any]) -> Selected[T]:
        return Selected(self.model, {"_id": {"$in": wanted}})

    def _matching(self, filters: Filters) -> Selected[T]:
        passing = [equal(self.model, self.model.require(name), value) for name, value in filters.items()]
        return Selected(self.model, all_of(passing))

    def _selected(self, specification: Specification[Any]) -> Selected[T]:
        verdict = verdict_on(specification, self.model)
        return Selected(self.model, ALWAYS if verdict is None else verdict.holds)
