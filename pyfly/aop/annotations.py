"""Decorators that pointcuts can name: those made by :func:`annotation`, and any that leaves a record."""

import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import CodeType, FunctionType, MappingProxyType
from typing import Any, TypeVar, overload

from pyfly.aop._facts import MethodFacts
from pyfly.aop.exceptions import UnknownAnnotationError
from pyfly.container.metadata import record, record_of
from pyfly.container.records import BeanRecord
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.nearest import nearest
from pyfly.kernel.record import Record, RecordType, attribute

D = TypeVar("D")
Matcher = Callable[[MethodFacts], bool]

_STEREOTYPES = ("component", "service", "repository", "controller", "rest_controller", "configuration")


class Annotation:
    """A decorator that only marks methods and classes, for ``@annotation(…)`` in pointcuts.

    Use it bare or with keyword arguments, whose values :meth:`of` gives back. On a class it marks all
    public methods. A method that overrides a marked one is marked too.
    """

    @overload
    def __call__(self, target: D, /) -> D: ...
    @overload
    def __call__(self, /, **values: object) -> Callable[[D], D]: ...
    def __call__(self, target: Any = None, /, **values: object) -> Any:
        """Mark *target*, or return the decorator that does so with *values*."""

        def mark(decorated: Any) -> Any:
            known = record_of(_bare(decorated), AnnotationRecord) or AnnotationRecord()
            marks = {**known.marks, self: MappingProxyType(dict(values))}
            record(_bare(decorated), AnnotationRecord, marks=MappingProxyType(marks))
            return decorated

        return mark if target is None else mark(target)

    def of(self, target: object) -> Mapping[str, object] | None:
        """Return the values that *target*, a function or class, is marked with, or ``None`` if it is not."""
        found = record_of(getattr(target, "__func__", target), AnnotationRecord)
        return found.marks.get(self) if found is not None else None


class AnnotationRecord(Record, kw_only=True):
    """The marks on a method or class, with their values."""

    marks: Mapping[Annotation, Mapping[str, object]] = attribute(default_factory=dict)


def annotation() -> Annotation:
    """Return a new decorator with which methods and classes are marked for pointcuts."""
    return Annotation()


def matcher(name: str) -> Matcher:
    """Return what tells whether a method carries the decorator whose dotted name is *name*.

    Raises:
        UnknownAnnotationError: There is no such decorator, or it leaves no mark.
    """
    decorator = _found(name)
    if isinstance(decorator, Annotation):
        return lambda facts: _is_marked(facts, decorator)
    kinds = frozenset(_record_kinds(decorator))
    if kinds == {BeanRecord} and (stereotype := getattr(decorator, "__name__", "")) in _STEREOTYPES:
        return lambda facts: _stereotype(facts.cls) == stereotype
    kinds -= {BeanRecord}
    if not kinds:
        raise _unknown(
            name,
            "It exists, and it leaves no mark on what it decorates.",
            f"Make it with pyfly.aop: {name.rpartition('.')[2]} = annotation()",
        )
    return lambda facts: _has_record(facts, kinds)


def _is_marked(facts: MethodFacts, mark: Annotation) -> bool:
    if any(mark.of(function) is not None for function in facts.declarations()):
        return True
    return not facts.is_private and any(mark.of(base) is not None for base in facts.cls.__mro__)


def _has_record(facts: MethodFacts, kinds: frozenset[type]) -> bool:
    if any(record_of(facts.function, kind) is not None for kind in kinds):
        return True
    bases = () if facts.is_private else facts.cls.__mro__
    return any(record_of(base, kind) is not None for base in bases for kind in kinds)


def _stereotype(cls: type) -> str:
    found = record_of(cls, BeanRecord)
    return found.stereotype if found is not None else ""


def _bare(target: Any) -> Any:
    """The function that carries records, for what is decorated after another descriptor was made of it."""
    if isinstance(target, property):
        return target.fget
    return target.func if isinstance(target, functools.cached_property) else target


def _found(name: str) -> object:
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module_name = ".".join(parts[:length])
        try:
            found: Any = import_module(module_name)
        except ModuleNotFoundError as failure:
            if failure.name is not None and f"{module_name}.".startswith(f"{failure.name}."):
                continue
            raise
        for part in parts[length:]:
            if not hasattr(found, part):
                raise _missing(
                    name, part, f"{module_name} has no '{part}'.", sorted(getattr(found, "__dict__", ()))
                )
            found = getattr(found, part)
        return found
    if len(parts) == 1:
        raise _unknown(
            name, "It needs its full name.", f"Write the module too: @annotation(shop.audit.{name})"
        )
    raise _missing(name, parts[0], f"There is no module {'.'.join(parts[:-1])}.", sorted(sys.modules))


def _missing(name: str, part: str, why: str, known: list[str]) -> UnknownAnnotationError:
    guess = nearest(part, [each for each in known if not each.startswith("_")])
    fix = f"Did you mean '{guess}'?" if guess else "Name the decorator as you would import it."
    return _unknown(name, why, fix)


def _unknown(name: str, why: str, fix: str) -> UnknownAnnotationError:
    what = f"@annotation({name}) names no decorator that marks methods."
    return UnknownAnnotationError(Diagnosis(what, (why,), (fix,)))


def _record_kinds(decorator: Any) -> Iterator[type]:
    """Yield the records that the code of *decorator* mentions: those it leaves on its targets."""
    if isinstance(decorator, type) and _is_record(decorator):
        yield decorator
        return
    pending = [decorator if isinstance(decorator, FunctionType) else vars(type(decorator)).get("__call__")]
    seen: set[int] = set()
    while pending:
        function = pending.pop()
        if not isinstance(function, FunctionType) or id(function) in seen:
            continue
        seen.add(id(function))
        for value in _mentioned(function):
            if isinstance(value, type) and _is_record(value):
                yield value
            elif getattr(value, "__module__", None) == function.__module__:
                pending.append(value)


def _mentioned(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            continue  # Not assigned yet.
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        for name in code.co_names:
            if name in function.__globals__:
                yield function.__globals__[name]


def _is_record(cls: type) -> bool:
    return isinstance(cls, RecordType)
