"""Finds relationships that are loaded one by one. Importing this module is what makes it look at every query."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

from pyfly.data.hooks.lazy_loads import THRESHOLD, LazyLoadHook, LazyLoads
from pyfly.data.hooks.places import call_stack
from pyfly.data.relational.sqlalchemy.data_source import DataSource

_HOOKS: Final = "pyfly.lazy_loads"


def watch_lazy_loads(source: DataSource, hooks: Sequence[LazyLoadHook]) -> None:
    """Tell *hooks* of relationships that are loaded one by one from *source*."""

    def equip(engine: Engine, source: DataSource) -> None:
        engine.update_execution_options(**{_HOOKS: (source.name, tuple(hooks))})

    source.on_engine(equip)


@event.listens_for(Session, "do_orm_execute")
def _count(state: ORMExecuteState) -> None:
    if not state.is_relationship_load:  # Statements that write may not be asked anything else.
        return
    owner = state.lazy_loaded_from
    path = state.loader_strategy_path
    if owner is None or path is None or not path.path:
        return
    name, hooks = state.session.get_bind().engine.get_execution_options().get(_HOOKS, ("", ()))
    if not hooks:
        return
    entity, attribute = owner.class_.__name__, str(getattr(path.path[-1], "key", ""))
    seen: Counter[tuple[str, str]] = state.session.info.setdefault(_HOOKS, Counter())
    seen[entity, attribute] += 1
    if seen[entity, attribute] == THRESHOLD:
        stack = call_stack(1)
        for hook in hooks:
            hook.repeated(
                LazyLoads(
                    datasource=name,
                    entity=entity,
                    attribute=attribute,
                    times=THRESHOLD,
                    place=stack[0] if stack else None,
                )
            )
