"""Type variables of generic controllers: what ``T`` is for ``class Owners(CrudController[Owner])``."""

from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

Variables = dict[Any, Any]
"""Type variables and the types that a class gives to them."""


def variables_of(cls: type, base: type) -> Variables:
    """Return what the type variables of *base* are in *cls*, which inherits it."""
    return _collected(cls).get(base, {})


def substituted(annotation: Any, variables: Variables) -> Any:
    """Return *annotation* with *variables* replaced by their types."""
    if not variables:
        return annotation
    if isinstance(annotation, TypeVar):
        return variables.get(annotation, annotation)
    if isinstance(annotation, type):
        _, parameters = _model_parameters(annotation)
        given = tuple(variables.get(item, item) for item in parameters)
        return annotation if given == parameters else annotation[given]  # type: ignore[index]  # a generic model
    if parameters := getattr(annotation, "__parameters__", ()):
        annotation = annotation[tuple(variables.get(item, item) for item in parameters)]
    return _rebuilt(annotation, variables)


def _rebuilt(annotation: Any, variables: Variables) -> Any:
    """Return *annotation* with the models inside it replaced: they are classes, which hide their variables."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(substituted(arguments[0], variables), *arguments[1:])]
    given = tuple(substituted(item, variables) for item in arguments)
    if given == arguments:
        return annotation
    return Union[given] if origin in (Union, UnionType) else origin[given]  # noqa: UP007  # built at run time


def is_open(annotation: Any) -> bool:
    """Say whether *annotation* contains a type variable that nobody has given a type."""
    if isinstance(annotation, TypeVar):
        return True
    if isinstance(annotation, type):
        is_given, parameters = _model_parameters(annotation)
        return is_given and bool(parameters)
    return any(map(is_open, get_args(annotation)))


def _model_parameters(cls: type) -> tuple[bool, tuple[Any, ...]]:
    """Return whether *cls* is a generic model of pydantic that was given types, and its open type variables."""
    said = getattr(cls, "__pydantic_generic_metadata__", None)
    return (said["origin"] is not None, said["parameters"]) if said else (False, ())


def _collected(cls: type) -> dict[type, Variables]:
    found: dict[type, Variables] = {}
    _collect(cls, {}, found)
    return found


def _collect(cls: type, variables: Variables, found: dict[type, Variables]) -> None:
    found.setdefault(cls, variables)
    for base in vars(cls).get("__orig_bases__", cls.__bases__):
        origin = get_origin(base) or base
        if not isinstance(origin, type) or origin is object:
            continue
        given = [substituted(argument, variables) for argument in get_args(base)]
        _collect(origin, dict(zip(getattr(origin, "__parameters__", ()), given, strict=False)), found)
