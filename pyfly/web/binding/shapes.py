"""What kind of thing an annotation is, as far as binding cares."""

import types
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from typing_extensions import is_typeddict

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
    return is_typeddict(cls) or (isinstance(cls, type) and (issubclass(cls, BaseModel) or is_dataclass(cls)))


def collection_fields(cls: Any) -> frozenset[str]:
    """Return the wire names of the fields of a model or dataclass that take several values."""
    if isinstance(cls, type) and issubclass(cls, BaseModel):
        return frozenset(
            name
            for key, item in cls.model_fields.items()
            if is_collection(item.annotation)
            for name in (key, item.alias)
            if name
        )
    if is_dataclass(cls):
        return frozenset(item.name for item in fields(cls) if is_collection(item.type))
    return frozenset()


def is_request(annotation: Any) -> bool:
    """Say whether *annotation* is the request class, which need not be imported to know."""
    return isinstance(annotation, type) and any(
        (base.__module__, base.__name__) == _REQUEST for base in annotation.__mro__
    )
