"""``@mapping``: how a bean says in which way objects of one class become objects of another."""

from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any, NamedTuple, TypeVar, overload

from pyfly.container.metadata import record, record_of
from pyfly.container.records import BeanRecord
from pyfly.container.stereotypes import component
from pyfly.kernel.record import Record

F = TypeVar("F", bound=Callable[..., Any])
D = TypeVar("D")
Transformer = Callable[[Any], Any]
_FUNCTIONS = (FunctionType, staticmethod, classmethod)


class MappingConfig(NamedTuple):
    """What is said about the mapping of one class to another.

    Attributes:
        field_map: Source field to target field, where their names differ.
        transformers: Target field to what is done to its value.
        exclude: Target fields that are left alone.
        strict: Refuse a target field that has no source and no default.
    """

    field_map: Mapping[str, str] = {}
    transformers: Mapping[str, Transformer] = {}
    exclude: frozenset[str] = frozenset()
    strict: bool = False


class Declared(NamedTuple):
    """One pair of classes as ``@mapping`` names it; a method may leave both to its annotations."""

    source: type | None = None
    target: type | None = None
    config: MappingConfig = MappingConfig(strict=True)


class MappingRecord(Record, kw_only=True):
    """What ``@mapping`` says about a class or a method."""

    said: tuple[Declared, ...] = ()


@overload
def mapping(method: F, /) -> F: ...


@overload
def mapping(
    source: type,
    target: type,
    *,
    field_map: Mapping[str, str] | None = None,
    transformers: Mapping[str, Transformer] | None = None,
    exclude: Iterable[str] = (),
    inverse: bool = False,
) -> Callable[[D], D]: ...


def mapping(
    source: Any = None,
    target: Any = None,
    *,
    field_map: Mapping[str, str] | None = None,
    transformers: Mapping[str, Transformer] | None = None,
    exclude: Iterable[str] = (),
    inverse: bool = False,
) -> Any:
    """Tell the application's ``Mapper`` how objects of *source* become objects of *target*.

    A class with it is a bean, and may have several. A start is refused while a required field of *target* has no
    source. On a method of a bean, the method makes the object by itself; the classes may be left to its annotations.

    Args:
        source: The exact class of the source.
        target: The class of the target.
        field_map: Source field to target field, where their names differ.
        transformers: Target field to what is done to its value.
        exclude: Target fields that are left to their defaults.
        inverse: Map *target* to *source* too, with the names the other way round.

    Raises:
        TypeError: The classes are missing, or what is said cannot be done.
    """
    if target is None and isinstance(source, _FUNCTIONS):
        return _declare(source, (Declared(),))
    if not (isinstance(source, type) and isinstance(target, type)):
        raise TypeError("@mapping needs two classes: @mapping(Owner, OwnerView)")
    if inverse and transformers:
        raise TypeError(
            "@mapping(inverse=True) cannot undo transformers: give the way back a @mapping of its own"
        )
    left_out = (exclude,) if isinstance(exclude, str) else exclude
    said = MappingConfig(dict(field_map or {}), dict(transformers or {}), frozenset(left_out), strict=True)
    back = MappingConfig({there: here for here, there in said.field_map.items()}, strict=True)
    pairs = (Declared(source, target, said), *([Declared(target, source, back)] if inverse else []))
    return lambda marked: _declare(marked, pairs)


def _declare(marked: Any, pairs: tuple[Declared, ...]) -> Any:
    if isinstance(marked, type):
        bean = record_of(marked, BeanRecord)
        if bean is None or not bean.stereotype:
            component(marked)
    elif len(pairs) > 1 or pairs[0].config != Declared().config:
        raise TypeError(
            f"{getattr(marked, '__qualname__', marked)} makes the object by itself: "
            "what is said about fields belongs into a @mapping on a class"
        )
    target = marked.__func__ if isinstance(marked, staticmethod | classmethod) else marked
    known = record_of(target, MappingRecord)
    record(target, MappingRecord, said=(*pairs, *(known.said if known is not None else ())))
    return marked
