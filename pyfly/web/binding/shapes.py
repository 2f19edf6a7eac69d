"""What kind of thing an annotation is, as far as binding cares."""

import types
from collections.abc import Collection, Iterable
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from typing_extensions import is_typeddict

from pyfly.web.type_adapters import is_model_class

_SCALARS = (str, int, float, bytes, Decimal, UUID, date, time, timedelta, Enum, PurePath)
_COLLECTIONS = (list, set, frozenset, tuple)
_REQUEST = ("starlette.requests", "Request")


def strip(annotation: Any) -> Any:
    """Return *annotation* without ``Annotated`` metadata and without ``None``."""
    if get_origin(annotation) is Annotated:
        return strip(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        left = [item for item in get_args(annotation) if item is not types.NoneType]
        return strip(left[0]) if len(left) == 1 else annotation
    return annotation


def is_scalar(annotation: Any) -> bool:
    """Say whether *annotation* is written as one string, or as several of them, in a URL or header."""
    bare = strip(annotation)
    origin = get_origin(bare)
    if origin is Literal:
        return True
    if origin in (Union, types.UnionType):
        return all(is_scalar(item) for item in get_args(bare))
    if origin in _COLLECTIONS:
        return all(item is Ellipsis or is_scalar(item) for item in get_args(bare))
    return bare in _COLLECTIONS or (isinstance(bare, type) and issubclass(bare, _SCALARS))


def is_collection(annotation: Any) -> bool:
    """Say whether *annotation* takes several values."""
    bare = strip(annotation)
    return bare in _COLLECTIONS or get_origin(bare) in _COLLECTIONS


def is_model(annotation: Any) -> bool:
    """Say whether *annotation* is structured data: a model, a dataclass, a mapping, or a list of such."""
    bare = strip(annotation)
    origin = get_origin(bare)
    if origin in _COLLECTIONS:
        return all(item is Ellipsis or is_model(item) for item in get_args(bare))
    if origin in (Union, types.UnionType):
        return all(is_model(item) for item in get_args(bare))
    if bare is dict or origin is dict:
        return True
    return is_record(origin or bare)


def is_record(cls: Any) -> bool:
    """Say whether *cls* has named fields that pydantic can fill."""
    return is_typeddict(cls) or is_model_class(cls) or (isinstance(cls, type) and is_dataclass(cls))


def element(annotation: Any) -> Any:
    """Return *annotation* without ``Annotated`` and ``None``, and of a collection the type of its items."""
    bare = strip(annotation)
    if get_origin(bare) in _COLLECTIONS:
        return strip(next((item for item in get_args(bare) if item is not Ellipsis), str))
    return str if bare in _COLLECTIONS else bare


def collection_fields(cls: Any) -> frozenset[str]:
    """Return the wire names of the fields of a model, dataclass or typed dictionary that take several values."""
    return frozenset(name for name, annotation in _wire_fields(cls) if is_collection(annotation))


def wire_names(cls: Any) -> frozenset[str]:
    """Return the names by which the fields of a model, dataclass or typed dictionary are given."""
    return frozenset(name for name, _ in _wire_fields(cls))


def blank_fields(cls: Any) -> frozenset[str]:
    """Return the wire names of its fields that are no texts: for them a blank form field is no value."""
    return frozenset(name for name, annotation in _wire_fields(cls) if element(annotation) is not str)


def is_entity(annotation: Any) -> bool:
    """Say whether *annotation* is a class that an object-relational mapper stores, or a collection of such."""
    bare = element(annotation)
    return isinstance(bare, type) and (hasattr(bare, "__mapper__") or hasattr(bare, "__tablename__"))


def _wire_fields(cls: Any) -> list[tuple[str, Any]]:
    if is_model_class(cls):
        return [
            (name, item.annotation)
            for key, item in cls.model_fields.items()
            for name in (key, item.alias, *_choices(item.validation_alias))
            if isinstance(name, str)
        ]
    return list(get_type_hints(cls).items()) if is_record(cls) else []


def _choices(alias: Any) -> Iterable[Any]:
    """Return the names that a validation alias of pydantic stands for."""
    return getattr(alias, "choices", (alias,))


def known_by_name(annotation: Any, names: Collection[tuple[str, str]]) -> tuple[str, str]:
    """Return the module and name of *annotation*, or of the base that is among *names*.

    So a class need not be imported to be known.
    """
    bases = annotation.__mro__ if isinstance(annotation, type) else ()
    found = [(base.__module__, base.__name__) for base in bases]
    return next((name for name in found if name in names), ("", ""))


def is_request(annotation: Any) -> bool:
    """Say whether *annotation* is the request class, which need not be imported to know."""
    return bool(known_by_name(annotation, (_REQUEST,))[0])
