"""Type variables of generic controllers: what ``T`` is for ``class Owners(CrudController[Owner])``."""

from typing import Any, TypeVar, get_args, get_origin

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
    parameters = getattr(annotation, "__parameters__", ())
    if not parameters or isinstance(annotation, type):
        return annotation
    return annotation[tuple(variables.get(item, item) for item in parameters)]


def is_open(annotation: Any) -> bool:
    """Say whether *annotation* contains a type variable that nobody has given a type."""
    if isinstance(annotation, TypeVar):
        return True
    return not isinstance(annotation, type) and bool(getattr(annotation, "__parameters__", ()))


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
