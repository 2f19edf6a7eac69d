"""The session of a transaction in which hooks hear of every entity that changes, whatever has changed it.

Hooks are called when the session is about to write, and when it has written. They may use repositories in the
transaction that they are called in.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from sqlalchemy.orm import PassiveFlag, Session
from sqlalchemy.orm.attributes import get_history, instance_state
from sqlalchemy.util import await_only
from sqlalchemy.util.concurrency import in_greenlet

from pyfly.data.ports.hooks import Change, EntityHooks
from pyfly.data.relational.sqlalchemy.hook_locks import inside
from pyfly.data.relational.sqlalchemy.mapping import SOFT_DELETE
from pyfly.data.relational.sqlalchemy.removal import PURGING
from pyfly.data.relational.sqlalchemy.unit_session import TransactionSession
from pyfly.data.transaction_scope import Unit, innermost


class HookedSession(TransactionSession):
    """A session that tells hooks; each application with hooks has a subclass of it."""

    tells_hooks: ClassVar[bool] = True
    hooks: ClassVar[EntityHooks]
    _told: dict[int, tuple[object, Change]] | None = None

    def concerns(self, model: type) -> bool:
        """Return whether hooks want to hear of each entity of the class *model*."""
        return self.hooks.concern(model)

    def flush(self, objects: Any = None) -> None:
        """Write what has changed, with the hooks before and after it."""
        if (
            self._told is not None
        ):  # A hook uses the session: what it has changed is told, and written at once.
            self._tell_before(self._told)
            super().flush(objects)
            return
        told = self._told = {}
        try:
            self._tell_before(told)
            super().flush(objects)
        finally:
            self._told = None
        self._tell("after", [each for each in told.values() if each[1] != "create" or _is_stored(each[0])])

    def _tell_before(self, told: dict[int, tuple[object, Change]]) -> None:
        """Tell of what will be written, until hooks change nothing more. An entity is told of once per writing."""
        while new := [each for each in self._changes() if id(each[0]) not in told]:
            for entity, change in new:
                if id(entity) not in told:
                    told[id(entity)] = (entity, change)
                    self._tell("before", [(entity, change)])

    def _tell(self, when: str, changes: list[tuple[object, Change]]) -> None:
        if not changes:
            return
        with _within(self):
            for entity, change in changes:
                if in_greenlet():
                    if (waiting := getattr(self.hooks, when)(change, entity)) is not None:
                        await_only(waiting)
                else:
                    getattr(self.hooks, f"{when}_now")(change, entity)

    def _changes(self) -> Iterator[tuple[object, Change]]:
        dirty = list(self.dirty)
        gone = [*self.deleted, *(orphan for entity in dirty for orphan in _orphans(entity))]
        for entity in list(self.new):
            if self.concerns(type(entity)):
                yield entity, "create"
        for entity in gone:
            if self.concerns(type(entity)):
                yield entity, "delete"
        for entity in dirty:
            if self.concerns(type(entity)) and self.is_modified(entity, include_collections=False):
                yield entity, "delete" if self._is_marked(entity) else "update"

    def _is_marked(self, entity: object) -> bool:
        if not hasattr(entity, SOFT_DELETE) or self.info.get(PURGING):
            return False
        return any(moment is not None for moment in get_history(entity, "deleted_at").added)


def session_class(hooks: EntityHooks) -> type[HookedSession]:
    """Return the class of the sessions that tell *hooks*."""
    return type("HookedSession", (HookedSession,), {"hooks": hooks})


@contextmanager
def _within(session: Session) -> Iterator[None]:
    """Let hooks work in the transaction of *session*, although an operation of it has not ended yet."""
    unit = _unit_of(session)
    if unit is None or unit.transaction is None:
        yield
        return
    lock = asyncio.Lock() if in_greenlet() else threading.Lock()
    here = Unit(unit.realm, unit.transaction, is_owner=False)
    here.enter()
    try:
        with inside(unit.transaction, lock):
            yield
    finally:
        here.leave()


def _unit_of(session: Session) -> Unit | None:
    unit = innermost()
    while unit is not None:
        own = getattr(unit.transaction, "session", None)
        if getattr(own, "sync_session", own) is session:
            return unit
        unit = unit.outer
    return None


def _is_stored(entity: object) -> bool:
    return instance_state(entity).key is not None


def _orphans(entity: object) -> Iterator[object]:
    """Yield what is deleted because *entity* has let go of it."""
    for relation in instance_state(entity).mapper.relationships:
        if relation.cascade.delete_orphan:
            for child in get_history(entity, relation.key, PassiveFlag.PASSIVE_NO_INITIALIZE).deleted or ():
                if child is not None and _is_stored(child):
                    yield child
