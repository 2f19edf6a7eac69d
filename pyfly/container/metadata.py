"""Typed, frozen records that decorators leave on their targets.

A record is the single source of what a decorator said. The ``__pyfly_…__`` attributes are a view
published for other programs; the framework itself only ever reads records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from pyfly.kernel.record import Record, RecordType, attribute, attributes_of, copy_with

_SLOT = "__pyfly__"

R = TypeVar("R", bound=Record)
Records = dict[type, Any]
_members: WeakKeyDictionary[type, tuple[tuple[str, Records], ...]] = WeakKeyDictionary()


# How fields of a record are mirrored: attribute, default, conversion; and which of them always are.
_View = tuple[str, object, "Callable[[Any], object] | None"]
_views: dict[RecordType, tuple[dict[str, _View], tuple[str, ...]]] = {}


def published(
    name: str, *, default: Any, always: bool = False, convert: Callable[[Any], object] | None = None
) -> Any:
    """Declare a record field that is also visible as ``target.<name>``.

    Args:
        name: The name of the attribute on the decorated target.
        default: The value of the field when the decorator says nothing.
        always: Publish the default value too; otherwise only what differs from it.
        convert: Turns the field's value into the published one.
    """
    return attribute(default=default, metadata={"attribute": name, "always": always, "convert": convert})


def record_of(target: object, kind: type[R]) -> R | None:
    """Return the record of *kind* that was put on *target* itself, never an inherited one."""
    try:
        own = target.__dict__
    except AttributeError:
        return None
    records = own.get(_SLOT)
    return None if records is None else cast("R | None", records.get(kind))


def record_at(cls: type, name: str, kind: type[R]) -> R | None:
    """Return the nearest record of *kind* on the member *name* of *cls*, or else on the class that has it."""
    for base in cls.__mro__:
        member = base.__dict__.get(name)
        # A function of a module is a static method of the class that gathers it.
        found = record_of(getattr(member, "__func__", member), kind) or record_of(base, kind)
        if found is not None:
            return found
    return None


def has_records(target: object) -> bool:
    """Say whether any decorator has put a record on *target* itself."""
    return _SLOT in getattr(target, "__dict__", ())


def record(target: object, kind: type[R], **changes: object) -> R:
    """Create or amend the record of *kind* on *target*. Decorators may be stacked in any order."""
    target = getattr(target, "__func__", target) if isinstance(target, _WRAPPING) else target
    own = getattr(target, "__dict__", {}).get(_SLOT, {})
    known: Any = own.get(kind)
    updated = kind(**changes) if known is None else copy_with(known, **changes)
    setattr(target, _SLOT, {**own, kind: updated})
    views, always = _published_views(kind)
    for field_name in (*always, *changes):
        if (view := views.get(field_name)) is not None:
            visible, default, convert = view
            value = getattr(updated, field_name)
            if value != default or field_name in always:
                setattr(target, visible, convert(value) if convert else value)
    return cast("R", updated)


def copy_records(source: type, target: type) -> None:
    """Give *target*, a generated subclass that stands in for *source*, the same records."""
    if (own := source.__dict__.get(_SLOT)) is not None:
        setattr(target, _SLOT, own)


def generated_subclass(cls: type, body: dict[str, Any]) -> type:
    """Return a subclass of *cls* that stands in for it: of the same name, with the same records.

    What the program does about subclasses, in ``__init_subclass__``, is not done for this one.
    """
    own = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__slots__": (),
    }
    with _unwatched(cls):
        made: type = type(cls)(cls.__name__, (cls,), {**own, **body})
    copy_records(cls, made)
    return made


@contextmanager
def _unwatched(cls: type) -> Iterator[None]:
    """Keep *cls* and its bases from hearing of a new subclass. Another base would change its layout."""
    watcher = next(base for base in cls.__mro__ if "__init_subclass__" in base.__dict__)
    if watcher.__module__ in ("builtins", "typing"):
        yield
        return
    shadowed = cls.__dict__.get("__init_subclass__")
    setattr(cls, "__init_subclass__", classmethod(lambda made: None))  # noqa: B010  # no method is replaced
    try:
        yield
    finally:
        if shadowed is None:
            delattr(cls, "__init_subclass__")
        else:
            setattr(cls, "__init_subclass__", shadowed)  # noqa: B010


def recorded_members(cls: type, kind: type[R]) -> Iterator[tuple[str, R]]:
    """Yield ``(name, record)`` for the members of *cls*, bases first, without evaluating properties.

    An override without a decorator of its own hides the decorated member of a base.
    """
    for name, records in _recorded(cls):
        if (found := records.get(kind)) is not None:
            yield name, found


def _recorded(cls: type) -> tuple[tuple[str, Records], ...]:
    """All decorated members of *cls* with their records, found in one pass over the class."""
    known = _members.get(cls)
    if known is None:
        known = _members[cls] = tuple(_collect(cls))
    return known


def _collect(cls: type) -> Iterator[tuple[str, Records]]:
    effective: dict[str, Any] = {}
    for base in reversed(cls.__mro__[:-1]):
        for name, member in base.__dict__.items():
            if type(member) in _DECORATABLE:
                effective[name] = member
            elif name in effective:
                del effective[name]
    for name, member in effective.items():
        function = member if type(member) is FunctionType else member.__func__
        if records := getattr(function, "__dict__", {}).get(_SLOT):
            yield name, records


_DECORATABLE = frozenset({FunctionType, classmethod, staticmethod})
_WRAPPING = (classmethod, staticmethod)


def _published_views(kind: RecordType) -> tuple[dict[str, _View], tuple[str, ...]]:
    known = _views.get(kind)
    if known is None:
        said = {each.name: each for each in attributes_of(kind) if "attribute" in each.metadata}
        views = {
            name: (each.metadata["attribute"], each.initial(), each.metadata["convert"])
            for name, each in said.items()
        }
        known = _views[kind] = views, tuple(name for name, each in said.items() if each.metadata["always"])
    return known
