"""From a signature to an injection plan: what a callable or a class asks to be given.

Pure functions: nothing here knows which beans exist.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pyfly.container.autowired import AutowiredField
from pyfly.container.bean import Qualifier, Value
from pyfly.container.providers import Lazy, Provider
from pyfly.container.types import MISSING


class Shape(Enum):
    """In which form a dependency is delivered."""

    ONE = "one"
    LIST = "list"
    TUPLE = "tuple"
    SET = "set"
    DICT = "dict"
    PROVIDER = "provider"
    LAZY = "lazy"
    VALUE = "value"


class Dependency:
    """One thing that a bean needs: a constructor parameter, a factory parameter or a field."""

    __slots__ = (
        "default", "expression", "keyword_only", "name", "optional", "problem", "qualifier", "shape", "wanted",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        wanted: Any,
        *,
        shape: Shape = Shape.ONE,
        default: Any = MISSING,
        keyword_only: bool = False,
    ) -> None:
        """Need *wanted* as *name*; what the annotation adds is set afterwards."""
        self.name = name
        self.wanted = wanted
        self.shape = shape
        self.optional = False
        self.qualifier: str | None = None
        self.expression: str | None = None
        self.default = default
        self.keyword_only = keyword_only
        self.problem: str | None = None


Plan = tuple[Dependency, ...]


class UnresolvedAnnotationError(Exception):
    """An annotation names something that does not exist where it is evaluated."""

    def __init__(self, owner: str, reason: str) -> None:
        """Say whose annotations cannot be read, and the *reason*."""
        super().__init__(f"cannot read the type hints of {owner}: {reason}")
        self.owner = owner
        self.reason = reason


def constructor_plan(cls: type) -> Plan:
    """Return what the constructor of *cls* needs, in the order of its parameters."""
    owner = next(base for base in cls.__mro__ if "__init__" in base.__dict__)
    init = owner.__dict__["__init__"]
    if not isinstance(init, types.FunctionType):
        return ()
    return callable_plan(init, skip_first=True, bound=_type_arguments(cls, owner))


def unwrapped(function: Any) -> Any:
    """Return the function that decorators have wrapped, as ``inspect.signature`` sees it."""
    while isinstance(inner := getattr(function, "__wrapped__", None), types.FunctionType):
        function = inner
    return function


def callable_plan(
    function: Callable[..., Any], *, skip_first: bool = False, bound: dict[Any, Any] | None = None
) -> Plan:
    """Return what *function* needs, in the order of its parameters, without ``*args`` and ``**kwargs``.

    Args:
        function: A function or method, possibly wrapped.
        skip_first: Leave out the first parameter, which is ``self``.
        bound: What type variables in the annotations stand for.
    """
    function = unwrapped(function)
    code = function.__code__
    names = code.co_varnames[1 if skip_first else 0 : code.co_argcount]
    keyword_only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    if not names and not keyword_only:
        return ()
    hints = hints_of(function)
    defaults = _defaults_of(function, names)
    return tuple(
        _dependency(
            name,
            _with_arguments(hints.get(name, MISSING), bound),
            defaults.get(name, MISSING),
            keyword_only=name in keyword_only,
        )
        for name in (*names, *keyword_only)
    )


def field_plan(cls: type) -> Plan:
    """Return the ``Autowired()`` fields of *cls* and its bases."""
    found: dict[str, tuple[AutowiredField, type]] = {}
    for base in reversed(cls.__mro__[:-1]):
        for name, member in base.__dict__.items():
            if type(member) is AutowiredField:
                found[name] = (member, base)
            elif name in found:
                del found[name]
    if not found:
        return ()
    hints = hints_of(cls)
    return tuple(
        _field(name, _with_arguments(hints.get(name, MISSING), _type_arguments(cls, owner)), marker)
        for name, (marker, owner) in found.items()
    )


def hints_of(target: Any) -> dict[str, Any]:
    """Return the evaluated annotations of *target*, ``Annotated`` metadata included.

    Raises:
        UnresolvedAnnotationError: An annotation cannot be evaluated.
    """
    annotations = getattr(target, "__annotations__", {})
    if isinstance(target, types.FunctionType) and not any(
        type(each) is not type and _needs_evaluation(each) for each in annotations.values()
    ):
        return annotations
    try:
        return get_type_hints(target, include_extras=True)
    except Exception as error:  # evaluating an annotation can raise anything
        name = getattr(target, "__qualname__", repr(target))
        raise UnresolvedAnnotationError(f"{target.__module__}.{name}", str(error)) from error


def _needs_evaluation(annotation: object) -> bool:
    if isinstance(annotation, str | typing.ForwardRef):
        return True
    return type(annotation) is not type and any(map(_needs_evaluation, get_args(annotation)))


def _defaults_of(function: Any, names: tuple[str, ...]) -> dict[str, Any]:
    positional = function.__defaults__ or ()
    defaults = dict(zip(names[len(names) - len(positional) :], positional, strict=True)) if positional else {}
    defaults.update(function.__kwdefaults__ or {})
    return defaults


def _field(name: str, hint: Any, marker: AutowiredField) -> Dependency:
    found = _dependency(name, hint, MISSING, keyword_only=False)
    if marker.qualifier is not None:
        found.qualifier = marker.qualifier
    if not marker.required:
        found.optional = True
    return found


def _dependency(name: str, hint: Any, default: Any, *, keyword_only: bool) -> Dependency:
    found = Dependency(name, Any, default=default, keyword_only=keyword_only)
    if hint is MISSING:
        found.problem = "has no type annotation"
        return found
    if type(hint) is type and hint not in _NEVER_BEANS:  # by far the most frequent case
        found.wanted = hint
        return found
    _read(found, hint)
    if found.shape is Shape.ONE and found.qualifier is None and found.problem is None:
        found.problem = _why_not_injectable(found.wanted)
    return found


def _read(found: Dependency, hint: Any) -> None:
    """Take *hint* apart from the outside inwards, noting each layer on *found*."""
    origin = get_origin(hint)
    if origin is Annotated:
        for extra in hint.__metadata__:
            _note(found, extra)
        _read(found, hint.__origin__)
    elif origin is Union or origin is types.UnionType:
        _read_union(found, hint)
    elif found.expression is not None:
        found.wanted = hint
    elif origin in _DEFERRED and found.shape is Shape.ONE:
        found.shape = _DEFERRED[origin]
        _read(found, get_args(hint)[0])
    elif origin in _COLLECTIONS and found.shape is Shape.ONE:
        _read_collection(found, hint, _COLLECTIONS[origin])
    else:
        found.wanted = hint


def _note(found: Dependency, extra: object) -> None:
    if isinstance(extra, Qualifier):
        found.qualifier = extra.name
    elif isinstance(extra, Value):
        found.expression = extra.expression
        found.shape = Shape.VALUE


def _read_union(found: Dependency, hint: Any) -> None:
    members = [member for member in get_args(hint) if member is not types.NoneType]
    if len(members) < len(get_args(hint)):
        found.optional = True
    if found.expression is not None:
        found.wanted = hint
    elif len(members) == 1:
        _read(found, members[0])
    else:
        found.wanted = hint
        found.problem = "is a union of several types, which is never guessed"


def _read_collection(found: Dependency, hint: Any, shape: Shape) -> None:
    arguments = get_args(hint)
    if shape is Shape.DICT and arguments[0] is not str:
        found.wanted = hint
        return
    if shape is Shape.TUPLE and (len(arguments) != 2 or arguments[1] is not Ellipsis):
        found.wanted = hint
        return
    found.shape = shape
    inner = Dependency(found.name, Any, shape=shape)
    _read(inner, arguments[1] if shape is Shape.DICT else arguments[0])
    found.wanted = inner.wanted
    found.qualifier = found.qualifier or inner.qualifier
    found.problem = inner.problem or _why_too_wide(inner.wanted)
    if get_origin(inner.wanted) in _DEFERRED:
        found.problem = "is a collection of handles; take a handle for each bean, or a collection of beans"


def _why_too_wide(wanted: Any) -> str | None:
    return (
        "is annotated with Any or object, which fits every bean"
        if wanted is Any or wanted is object
        else None
    )


def _why_not_injectable(wanted: Any) -> str | None:
    if (too_wide := _why_too_wide(wanted)) is not None:
        return too_wide
    if wanted is type or get_origin(wanted) is type:
        return "is annotated with type, which is no bean"
    if wanted in _BUILTINS:
        return f"is a bare {wanted.__name__}, which is never guessed"
    if isinstance(wanted, typing.TypeVar):
        return f"is annotated with the type variable {wanted}, which stands for no type here"
    return None


_DEFERRED = {Provider: Shape.PROVIDER, Lazy: Shape.LAZY}
_COLLECTIONS = {list: Shape.LIST, tuple: Shape.TUPLE, set: Shape.SET, frozenset: Shape.SET, dict: Shape.DICT}
_BUILTINS = frozenset(
    {str, bytes, int, float, complex, bool, list, tuple, set, frozenset, dict, bytearray, types.NoneType}
)


_NEVER_BEANS = _BUILTINS | {type, object}


def _type_arguments(cls: Any, owner: type) -> dict[Any, Any]:
    """Return what the type variables of *owner*, a base of *cls*, stand for in *cls*."""
    if cls is owner or not getattr(owner, "__parameters__", ()):
        return {}
    for base in cls.__dict__.get("__orig_bases__", cls.__bases__):
        origin = get_origin(base) or base
        if isinstance(origin, type) and issubclass(origin, owner):
            inner = _type_arguments(origin, owner)
            given = dict(zip(getattr(origin, "__parameters__", ()), get_args(base), strict=False))
            if origin is owner:
                return given
            return {variable: _with_arguments(stands_for, given) for variable, stands_for in inner.items()}
    return {}


def _with_arguments(hint: Any, bound: dict[Any, Any] | None) -> Any:
    """Return *hint* with its type variables replaced by what they stand for, where that is known."""
    if not bound:
        return hint
    if isinstance(hint, typing.TypeVar):
        return bound.get(hint, hint)
    parameters = () if isinstance(hint, type) else getattr(hint, "__parameters__", ())
    return hint[tuple(bound.get(each, each) for each in parameters)] if parameters else hint


def generic_keys(cls: type) -> Iterator[Any]:
    """Yield every parametrised generic base of *cls*, such as ``Repository[User, int]``."""
    yield from _generic_bases(cls, {})


def _generic_bases(cls: Any, bound: dict[Any, Any]) -> Iterator[Any]:
    for base in cls.__dict__.get("__orig_bases__", ()):
        origin = get_origin(base)
        if origin is None or origin in (typing.Generic, typing.Protocol):
            continue
        arguments = tuple(bound.get(argument, argument) for argument in get_args(base))
        if not any(isinstance(argument, typing.TypeVar) for argument in arguments):
            yield origin[arguments if len(arguments) > 1 else arguments[0]]
        parameters = getattr(origin, "__parameters__", ())
        yield from _generic_bases(origin, dict(zip(parameters, arguments, strict=False)))
    for base in cls.__bases__:
        if base is not object and "__orig_bases__" not in cls.__dict__:
            yield from _generic_bases(base, {})
