"""What removing an entity means: its row goes, or is marked as deleted and stays."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from pyfly.data.relational.sqlalchemy.mapping import SOFT_DELETE
from pyfly.kernel.clock import Clock, SystemClock

CLOCK = "pyfly.clock"
AUDITOR = "pyfly.auditor"
PURGING = "pyfly.purging"
_SYSTEM: Clock = SystemClock()


def now_in(session: Session) -> datetime:
    """Return the time, by the clock of the data source."""
    options = session.get_bind().engine.get_execution_options()
    clock: Clock = options.get(CLOCK, _SYSTEM)
    return clock.now()


def remove(session: Session, entity: object) -> None:
    """Remove *entity*, or mark it and what belongs to it."""
    if not hasattr(entity, SOFT_DELETE):
        session.delete(entity)
        return
    if instance_state(entity).session is not session:
        session.add(entity)
    moment = now_in(session)
    for marked in (entity, *_belonging(entity)):
        if getattr(marked, "deleted_at", None) is None:
            marked.deleted_at = moment


def _belonging(entity: object) -> Iterator[Any]:
    state = instance_state(entity)
    for child, _mapper, _state, _dict in state.mapper.cascade_iterator("delete", state):
        if hasattr(child, SOFT_DELETE):
            yield child
