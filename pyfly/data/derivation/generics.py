"""Which entity a repository class is for, taken from its generic arguments."""

from typing import Any, TypeVar, get_args, get_origin


def type_argument(cls: type, generic: type) -> Any:
    """Return the first type argument that *cls* gives to *generic*, or ``None`` if it leaves it open."""
    found = _first_argument(cls, generic)
    return None if isinstance(found, TypeVar) else found


def _first_argument(cls: type, generic: type) -> Any:
    for base in vars(cls).get("__orig_bases__", cls.__bases__):
        origin = get_origin(base) or base
        if not (isinstance(origin, type) and issubclass(origin, generic)):
            continue
        arguments = get_args(base)
        if origin is generic:
            return arguments[0] if arguments else None
        found = _first_argument(origin, generic)
        parameters = getattr(origin, "__parameters__", ())
        if isinstance(found, TypeVar) and arguments and found in parameters:
            return arguments[parameters.index(found)]
        if found is not None:
            return found
    return None
