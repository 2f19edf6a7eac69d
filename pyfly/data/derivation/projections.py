"""Classes that hold some of an entity's properties: which ones, and how one is made of a row."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeGuard, get_type_hints

from pyfly.data.derivation.shapes import Projection
from pyfly.kernel.record import Record, attributes_of


def projection_of(cls: type) -> Projection | None:
    """Return how to make *cls* of the values of its fields, or ``None`` if it is no class of fields.

    Dataclasses, named tuples, records, pydantic models and typed dictionaries are classes of fields.
    """
    names = _names(cls)
    return None if not names else Projection(cls, names, _maker(cls, names))


def _names(cls: Any) -> tuple[str, ...]:
    if issubclass(cls, Record):
        return tuple(field.name for field in attributes_of(cls))
    if dataclasses.is_dataclass(cls):
        return tuple(field.name for field in dataclasses.fields(cls) if field.init)
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return tuple(cls._fields)
    if _is_typed_dict(cls):
        return tuple(get_type_hints(cls))
    return tuple(getattr(cls, "model_fields", ()))


def _maker(cls: type, names: tuple[str, ...]) -> Callable[..., Any]:
    if _is_typed_dict(cls):
        return lambda *values: dict(zip(names, values, strict=True))
    if _takes_positions(cls):
        return cls
    return lambda *values: cls(**dict(zip(names, values, strict=True)))


def _takes_positions(cls: type) -> bool:
    if issubclass(cls, tuple):
        return True
    return dataclasses.is_dataclass(cls) and not any(field.kw_only for field in dataclasses.fields(cls))


def _is_typed_dict(cls: Any) -> TypeGuard[type[dict[str, Any]]]:
    return issubclass(cls, dict) and hasattr(cls, "__total__")
