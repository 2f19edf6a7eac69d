"""What a repository does, written once as functions of a synchronous session.

Asynchronous callers run them in a greenlet, synchronous ones just call them. Every statement is
built once; nothing here commits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from pyfly.data.deleted import include_deleted
from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort, Window
from pyfly.data.relational.sqlalchemy.adding import add_new
from pyfly.data.relational.sqlalchemy.compared import compared_type
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.data.relational.sqlalchemy.removal import PURGING, remove
from pyfly.data.relational.sqlalchemy.selection import Row, Selection, batches
from pyfly.data.relational.sqlalchemy.specification import selection
from pyfly.data.specification import Specification

T = TypeVar("T")
Filters = Mapping[str, object]
_KEPT_FILTERS = 128
_BATCH = 500


class EntityOperations(Generic[T]):
    """Reads and writes the entities of one type."""

    def __init__(self, mapping: EntityMapping[T]) -> None:
        """Work on the entities of *mapping*."""
        self.mapping = mapping
        self._all = Selection(mapping)
        criteria = [column == bindparam(f"id_{i}") for i, column in enumerate(mapping.identity)]
        self._by_id = Selection(mapping, criteria, limit=1)
        self._filtered: dict[tuple[tuple[str, bool], ...], Selection[T]] = {}

    def find_by_id(self, session: Session, identity: object) -> T | None:
        """Return the entity with that *identity*, or ``None``."""
        if session.in_transaction() and not self.mapping.is_soft:
            self.mapping.identity_values(identity)
            return session.get(self.mapping.model, identity)
        return self._by_id.one(session, self.mapping.identity_parameters(identity), "find_by_id")

    def find_all_by_id(self, session: Session, identities: Sequence[object]) -> list[T]:
        """Return the entities with those *identities* in their order; absent ones are left out."""
        keys = [self.mapping.identity_values(identity) for identity in identities]
        found = self._stored(session, keys)
        return [found[key] for key in keys if key in found]

    def find_all(self, session: Session, sort: Sort, filters: Filters) -> list[T]:
        """Return the entities whose properties equal *filters*."""
        return self._matching(filters).all(session, filters, sort)

    def find_page(self, session: Session, pageable: Pageable, filters: Filters) -> Page[T]:
        """Return one page of the entities whose properties equal *filters*."""
        return self._matching(filters).page(session, filters, pageable)

    def find_slice(self, session: Session, pageable: Pageable, filters: Filters) -> Slice[T]:
        """Return one page of them without counting the rest."""
        return self._matching(filters).window(session, filters, pageable)

    def scroll(self, session: Session, scroll: Scroll, filters: Filters) -> Cursor[T]:
        """Return those after a position."""
        return self._matching(filters).scroll(session, filters, scroll)

    def chunk(
        self, session: Session, sort: Sort, filters: Filters, key: Row | None, size: int
    ) -> tuple[list[T], Row | None]:
        """Return the next *size* of them after *key*, and the key to go on from."""
        return self._matching(filters).chunk(session, filters, sort, key, size)

    def count(self, session: Session, filters: Filters | None = None) -> int:
        """Return how many entities there are whose properties equal *filters*."""
        return self._matching(filters or {}).count(session, filters or {})

    def exists(self, session: Session, identity: object) -> bool:
        """Return whether an entity has that *identity*."""
        return self._by_id.exists(session, self.mapping.identity_parameters(identity))

    def select(self, session: Session, specification: Specification[Any], window: Window | None) -> Any:
        """Return what meets *specification*, as *window* asks for it."""
        selected = selection(specification, self.mapping)
        if isinstance(window, Pageable):
            return selected.page(session, {}, window)
        if isinstance(window, Scroll):
            return selected.scroll(session, {}, window)
        return selected.all(session, {}, window or Sort())

    def select_one(self, session: Session, specification: Specification[Any]) -> T | None:
        """Return the only one that meets *specification*, or ``None``."""
        found: T | None = selection(specification, self.mapping).one(session, {}, "find_one_by_spec")
        return found

    def count_selected(self, session: Session, specification: Specification[Any]) -> int:
        """Return how many meet *specification*."""
        return selection(specification, self.mapping).count(session, {})

    def any_selected(self, session: Session, specification: Specification[Any]) -> bool:
        """Return whether one meets *specification*."""
        return selection(specification, self.mapping).exists(session, {})

    def delete_selected(self, session: Session, specification: Specification[Any]) -> int:
        """Remove those that meet *specification*, and return how many they were."""
        return selection(specification, self.mapping).delete(session, {})

    def are_new(self, session: Session, entities: Sequence[T]) -> list[bool]:
        """Return for each of *entities* whether saving it would create it."""
        known = self._twins(session, entities)
        return [
            instance_state(entity).key is None and self.mapping.identity_of(entity) not in known
            for entity in entities
        ]

    def stored_version(self, session: Session, entity: T) -> Any:
        """Return which version of *entity* is stored now; ``None`` without versions, or without the entity."""
        column = self.mapping.mapper.version_id_col
        key = instance_state(entity).key
        if column is None or key is None:
            return None
        return session.scalar(select(column).where(self.mapping.identified([key[1]])))

    def loaded(self, session: Session, targets: Sequence[object]) -> list[T]:
        """Return the stored entities that *targets*, entities or identities, stand for."""
        keys = [self._key(target) for target in targets]
        stored = self._stored(session, [key for key in keys if None not in key])
        return [
            target if isinstance(target, self.mapping.model) else stored[key]
            for key, target in zip(keys, targets, strict=True)
            if key in stored
        ]

    def save(self, session: Session, entity: T) -> T:
        """Insert or update *entity*."""
        return self.save_all(session, (entity,))[0]

    def save_all(self, session: Session, entities: Sequence[T]) -> list[T]:
        """Insert or update *entities* in one flush."""
        if self._are_plainly_new(entities):
            add_new(session, self.mapping, entities)
            stored = list(entities)
        else:
            known = self._twins(session, entities)
            stored = [self._attach(session, entity, known) for entity in entities]
        inserted: list[T] = []
        if self.mapping.eager:
            inserted = [entity for entity in stored if instance_state(entity).key is None]
        session.flush()
        for entity in inserted:
            self._load_eager(session, entity)
        for entity in stored:
            if expired := instance_state(entity).expired_attributes:
                session.refresh(entity, list(expired))
        return stored

    def delete(self, session: Session, target: object) -> None:
        """Remove an entity, given itself or its identity; an absent one is no error."""
        if not isinstance(target, self.mapping.model):
            self.delete_by_id(session, target)
        elif object_session(target) is session or self.mapping.is_versioned:
            if instance_state(target).key is not None:
                remove(session, target)
                session.flush()
        else:
            identity = self.mapping.identity_of(target)
            if None not in identity:
                self.delete_by_id(session, identity)

    def delete_by_id(self, session: Session, identity: object) -> None:
        """Remove the entity with that *identity*; an absent one is no error."""
        self.mapping.identity_values(identity)
        entity = session.get(self.mapping.model, identity)
        if entity is not None:
            remove(session, entity)
            session.flush()

    def delete_each(self, session: Session, targets: Iterable[object]) -> None:
        """Remove every one of *targets*: entities or identities."""
        rest = []
        for target in targets:
            if isinstance(target, self.mapping.model):
                self.delete(session, target)
            else:
                rest.append(self._key(target))
        for entity in self._stored(session, rest).values():
            remove(session, entity)
        session.flush()

    def delete_all(self, session: Session) -> None:
        """Remove every entity there is."""
        self._all.delete(session, {})

    def restore(self, session: Session, identity: object) -> T | None:
        """Bring back an entity that is marked as deleted."""
        with include_deleted():
            entity = self._by_id.one(session, self.mapping.identity_parameters(identity), "restore")
        if entity is not None and self.mapping.is_soft:
            cast("Any", entity).deleted_at = None
            session.flush()
        return entity

    def purge(self, session: Session, identity: object) -> None:
        """Remove an entity for good, marked as deleted or not."""
        with include_deleted():
            entity = self._by_id.one(session, self.mapping.identity_parameters(identity), "purge")
            if entity is not None:
                session.info[PURGING] = True
                try:
                    session.delete(entity)
                    session.flush()
                finally:
                    session.info.pop(PURGING, None)

    def _are_plainly_new(self, entities: Sequence[T]) -> bool:
        """Return whether no entity can be in the store or in a session already, which is most often so."""
        name, *others = [column.key for column in self.mapping.identity]
        for entity in entities:
            state = instance_state(entity)
            if state.key is not None or state.session_id is not None:
                return False
            values = state.dict
            if values.get(name) is not None and all(values.get(other) is not None for other in others):
                return False
        return True

    def _attach(self, session: Session, entity: T, known: Collection[tuple[Any, ...]]) -> T:
        state = instance_state(entity)
        if state.session is session:
            return entity
        if state.key is not None:
            # A detached entity knows what changed, so no SELECT is needed, unless its twin is here already.
            if state.key in session.identity_map:
                return session.merge(entity)
        elif known and self.mapping.identity_of(entity) in known:
            return session.merge(entity)
        session.add(entity)
        return entity

    def _twins(self, session: Session, entities: Sequence[T]) -> Collection[tuple[Any, ...]]:
        """Return which identities of new entities are those of stored ones; they are loaded on the way."""
        keys = [
            key
            for entity in entities
            if (state := instance_state(entity)).key is None
            and state.session is not session
            and None not in (key := self.mapping.identity_of(entity))
        ]
        if len(keys) == 1:
            return keys if session.get(self.mapping.model, keys[0]) is not None else ()
        return self._stored(session, keys)

    def _stored(self, session: Session, keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], T]:
        found: dict[tuple[Any, ...], T] = {}
        for part in batches(list(dict.fromkeys(keys)), _BATCH):
            statement = select(self.mapping.model).where(self.mapping.identified(part))
            for entity in session.scalars(statement).unique():
                found[self.mapping.identity_of(entity)] = entity
        return found

    def _key(self, target: object) -> tuple[Any, ...]:
        if isinstance(target, self.mapping.model):
            return self.mapping.identity_of(target)
        return self.mapping.identity_values(target)

    def _load_eager(self, session: Session, entity: T) -> None:
        """Complete a new entity with what reading it would have loaded; its own children are none yet."""
        for relation in self.mapping.eager:
            if relation.key in vars(entity):
                continue
            if relation.uselist:
                collection: Any = relation.collection_class or list
                set_committed_value(entity, relation.key, collection())
            else:
                session.refresh(entity, [relation.key])

    def _matching(self, filters: Filters) -> Selection[T]:
        if not filters:
            return self._all
        key = tuple((name, value is None) for name, value in filters.items())
        known = self._filtered.get(key)
        if known is None:
            known = Selection(self.mapping, [self._equals(name, is_null=is_null) for name, is_null in key])
            if len(self._filtered) < _KEPT_FILTERS:
                self._filtered[key] = known
        return known

    def _equals(self, name: str, *, is_null: bool) -> Any:
        column = self.mapping.column(name)
        return column.is_(None) if is_null else column == bindparam(name, type_=compared_type(column))


@cache
def _operations(model: Any) -> EntityOperations[Any]:
    return EntityOperations(mapping_of(model))


def operations_of(model: type[T]) -> EntityOperations[T]:
    """Return the operations on *model*, prepared once per class."""
    return _operations(cast("Any", model))
