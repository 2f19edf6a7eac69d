"""Finds entities in what handlers return: each of their columns, and each that is added later, would be answered."""

import logging
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final, ForwardRef, TypeVar, Union, get_args, get_origin, get_type_hints

from pyfly.container.exceptions import Problem
from pyfly.container.types import MISSING
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.properties import EntityResults
from pyfly.web.binding.shapes import is_record
from pyfly.web.responses import ResponseEntity

_log = logging.getLogger("pyfly.web")

FIX: Final = "Return a class of the fields that clients may see; Mapper().map(entity, TheClass) fills it."
_DEPTH: Final = 4
_UNTYPED: Final = (Any, object, MISSING, list, tuple, set, frozenset, dict)

Check = Callable[[Any], None]


def exposed(annotation: Any) -> list[type]:
    """Return the entities that *annotation* mentions, in fields of models as well."""
    return list(dict.fromkeys(_entities(annotation, set())))


def guard(plan: RoutePlan, policy: EntityResults, check: Check | None) -> Check | None:
    """Return what looks at each result of *plan*: *check*, and where its annotation says too little, for entities.

    Entities that the annotation mentions are told of at once.

    Raises:
        Problem: There are some, and they are refused.
    """
    if policy is EntityResults.ALLOW:
        return check
    if found := exposed(plan.returns):
        _tell(plan, found, policy)
        return check
    if not _is_open(plan.returns):
        return check
    looking = _watcher(plan, policy)
    if check is None:
        return looking

    def both(result: Any) -> None:
        looking(result)
        check(result)

    return both


def why(found: list[type]) -> str:
    """Return what is wrong with answering with the entities *found*."""
    names = " and ".join(cls.__name__ for cls in found)
    return f"clients would see every column of the entity {names}, and those that are added later"


def _tell(plan: RoutePlan, found: list[type], policy: EntityResults) -> None:
    place = f"{plan.controller.__name__}.{plan.name} ({plan.method} {plan.path})"
    if policy is EntityResults.REFUSE:
        raise Problem(Diagnosis(f"{place} returns an entity", (why(found),), (FIX,)), TypeError(why(found)))
    _log.warning("%s returns an entity: %s. %s", place, why(found), FIX, extra={"route": plan.path})


def _watcher(plan: RoutePlan, policy: EntityResults) -> Check:
    told: set[type] = set()

    def look(result: Any) -> None:
        value = result.body if isinstance(result, ResponseEntity) else result
        new = {cls for cls in _stored(value, _DEPTH) if policy is EntityResults.REFUSE or cls not in told}
        if new:
            told.update(new)
            _tell(plan, sorted(new, key=lambda cls: cls.__name__), policy)

    return look


def _stored(value: Any, depth: int) -> Iterator[type]:
    """Yield the classes of the entities in *value*."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        if depth:
            yield from (cls for cls in set(map(type, value)) if _is_entity(cls))
            for each in value:
                if isinstance(each, Mapping | list | tuple | set | frozenset):
                    yield from _stored(each, depth - 1)
    elif _is_entity(type(value)):
        yield type(value)
    elif depth and isinstance(items := getattr(value, "items", None), list):
        yield from _stored(items, depth - 1)


def _is_entity(cls: Any) -> bool:
    # Known by its look, so that no mapper need be imported.
    return isinstance(cls, type) and (hasattr(cls, "__mapper__") or hasattr(cls, "__tablename__"))


def _entities(annotation: Any, seen: set[Any]) -> Iterator[type]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _entities(get_args(annotation)[0], seen)
        return
    for part in get_args(annotation):
        yield from _entities(part, seen)
    cls = origin or annotation
    if _is_entity(cls):
        yield cls
    elif isinstance(cls, type) and is_record(cls) and cls not in seen:
        seen.add(cls)
        for field in _fields(cls):
            yield from _entities(field, seen)


def _fields(cls: type) -> list[Any]:
    models: dict[str, Any] | None = getattr(cls, "model_fields", None)
    if models is not None:
        return [field.annotation for field in models.values() if field.exclude is not True]
    try:
        return list(get_type_hints(cls).values())
    except NameError:  # Names that exist for type checkers alone: pydantic has told of them, if they matter.
        return []


def _is_open(annotation: Any) -> bool:
    """Return whether *annotation* leaves open what is in the result."""
    if annotation in _UNTYPED or isinstance(annotation, TypeVar | ForwardRef):
        return True
    if get_origin(annotation) in (Union, types.UnionType, list, tuple, set, frozenset, dict, Annotated):
        return any(_is_open(part) for part in get_args(annotation))
    parts = get_args(annotation)
    return bool(parts) and any(part is Any or part is object for part in parts)
