"""What a repository does, written once as functions of a synchronous session.

Asynchronous callers run them in a greenlet, synchronous ones just call them. Every statement is
built once; nothing here commits.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import bindparam
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from pyfly.data.page import Page
from pyfly.data.pageable import Pageable, Sort
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.data.relational.sqlalchemy.selection import Selection

T = TypeVar("T")
_KEPT_FILTERS = 128


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
        if session.in_transaction():
            return session.get(self.mapping.model, identity)
        return self._by_id.one(session, self.mapping.identity_parameters(identity), "find_by_id")

    def find_all(self, session: Session, sort: Sort, filters: Mapping[str, object]) -> list[T]:
        """Return the entities whose properties equal *filters*."""
        return self._matching(filters).all(session, filters, sort)

    def find_page(self, session: Session, pageable: Pageable, filters: Mapping[str, object]) -> Page[T]:
        """Return one page of the entities whose properties equal *filters*."""
        return self._matching(filters).page(session, filters, pageable)

    def count(self, session: Session) -> int:
        """Return how many entities there are."""
        return self._all.count(session, {})

    def exists(self, session: Session, identity: object) -> bool:
        """Return whether an entity has that *identity*."""
        return self._by_id.exists(session, self.mapping.identity_parameters(identity))

    def save(self, session: Session, entity: T) -> T:
        """Insert or update *entity*."""
        return self.save_all(session, (entity,))[0]

    def save_all(self, session: Session, entities: Sequence[T]) -> list[T]:
        """Insert or update *entities* in one flush."""
        stored = [self._attach(session, entity) for entity in entities]
        inserted = [entity for entity in stored if instance_state(entity).key is None]
        session.flush()
        if self.mapping.eager:
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
            session.delete(target)
            session.flush()
        else:
            identity = self.mapping.identity_of(target)
            if None not in identity:
                self.delete_by_id(session, identity)

    def delete_by_id(self, session: Session, identity: object) -> None:
        """Remove the entity with that *identity*; an absent one is no error."""
        entity = session.get(self.mapping.model, identity)
        if entity is not None:
            session.delete(entity)
            session.flush()

    def delete_each(self, session: Session, targets: Iterable[object]) -> None:
        """Remove every one of *targets*: entities or identities."""
        for target in targets:
            self.delete(session, target)

    def delete_all(self, session: Session) -> None:
        """Remove every entity there is."""
        self._all.delete(session, {})

    def _attach(self, session: Session, entity: T) -> T:
        state = instance_state(entity)
        if state.session is session:
            return entity
        if state.key is not None:
            # A detached entity knows what changed, so no SELECT is needed, unless its twin is here already.
            if state.key in session.identity_map:
                return session.merge(entity)
        elif None not in (identity := self.mapping.identity_of(entity)):
            known = session.get(self.mapping.model, identity)
            if known is not None:
                return session.merge(entity)
        session.add(entity)
        return entity

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

    def _matching(self, filters: Mapping[str, object]) -> Selection[T]:
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
        return column.is_(None) if is_null else column == bindparam(name, type_=column.type)


@cache
def _operations(model: Any) -> EntityOperations[Any]:
    return EntityOperations(mapping_of(model))


def operations_of(model: type[T]) -> EntityOperations[T]:
    """Return the operations on *model*, prepared once per class."""
    return _operations(cast("Any", model))
