"""The fields of a properties class, read once: name, key segment, type, constraints, default."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from typing import Annotated, Any, Final, TypeGuard, Union, get_args, get_origin, get_type_hints

from pyfly.core.config.keys import canonical_segment
from pyfly.kernel.record import Attribute, Record, RecordType, attributes_of

NO_DEFAULT: Final[Any] = MISSING


class PropertyField(Record):
    """One field of a properties class.

    Attributes:
        name: What the constructor calls it.
        segment: Its canonical key segment.
        wanted: Its type without ``Annotated``.
        metadata: What ``Annotated`` adds: constraints, ``Doc``, ``Deprecated``.
        default: The default value, or ``NO_DEFAULT``; factories are called for each reader.
    """

    name: str
    segment: str
    wanted: Any
    metadata: tuple[Any, ...]
    field: Any

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        if isinstance(self.field, Attribute):
            return self.field.required
        if isinstance(self.field, Field):
            return self.field.default is MISSING and self.field.default_factory is MISSING
        return bool(self.field.is_required())

    @property
    def default(self) -> Any:
        """The default value, or ``NO_DEFAULT``."""
        if isinstance(self.field, Attribute):
            return NO_DEFAULT if self.field.required else self.field.initial()
        if isinstance(self.field, Field):
            if self.field.default_factory is not MISSING:
                return self.field.default_factory()
            return self.field.default
        return NO_DEFAULT if self.required else self.field.get_default(call_default_factory=True)


def is_model(wanted: Any) -> bool:
    """Return whether *wanted* is a pydantic model class, without importing pydantic."""
    return (
        isinstance(wanted, type)
        and "__pydantic_core_schema__" in vars(wanted)
        and hasattr(wanted, "model_fields")
    )


def is_section(wanted: Any) -> TypeGuard[type]:
    """Return whether *wanted* is a class whose fields are keys of a section."""
    if isinstance(wanted, RecordType):
        return True
    return isinstance(wanted, type) and (is_dataclass(wanted) or is_model(wanted))


@lru_cache(maxsize=1024)
def fields_of(cls: Any) -> tuple[PropertyField, ...]:
    """Return the fields that the constructor of *cls* takes."""
    hints = get_type_hints(cls, include_extras=True)
    if is_model(cls):
        return tuple(
            _model_field(name, field, hints.get(name, Any)) for name, field in cls.model_fields.items()
        )
    if isinstance(cls, RecordType):
        return tuple(_plain_field(item, hints.get(item.name, Any)) for item in attributes_of(cls))
    return tuple(_plain_field(field, hints.get(field.name, Any)) for field in fields(cls) if field.init)


def unwrap(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the type inside ``Annotated`` and what surrounds it."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return inner, tuple(metadata)
    return annotation, ()


def optional_of(wanted: Any) -> Any:
    """Return ``X`` for ``X | None`` and ``Optional[X]``, otherwise *wanted* itself."""
    if get_origin(wanted) in (Union, types.UnionType):
        options = [option for option in get_args(wanted) if option is not type(None)]
        if len(options) == 1:
            return unwrap(options[0])[0]
    return wanted


def element_of(wanted: Any) -> Any:
    """Return the element type of a list, tuple or set type, or ``None`` for anything else."""
    origin = get_origin(wanted) or wanted
    if (
        not isinstance(origin, type)
        or origin in (str, bytes)
        or not issubclass(origin, list | tuple | set | frozenset)
    ):
        return None
    arguments = get_args(wanted)
    if origin is tuple and arguments[1:] not in ((), (Ellipsis,)):
        return None
    return arguments[0] if arguments else Any


def mapping_of(wanted: Any) -> tuple[Any, Any] | None:
    """Return key and value type of a mapping type, or ``None`` for anything else."""
    origin = get_origin(wanted) or wanted
    if not isinstance(origin, type) or not issubclass(origin, Mapping):
        return None
    arguments = get_args(wanted)
    return (arguments[0], arguments[1]) if len(arguments) == 2 else (str, Any)


def _plain_field(field: "Field[Any] | Attribute", hint: Any) -> PropertyField:
    wanted, metadata = unwrap(hint)
    return PropertyField(field.name, canonical_segment(field.name.rstrip("_")), wanted, metadata, field)


def _model_field(name: str, field: Any, hint: Any) -> PropertyField:
    alias = field.validation_alias if isinstance(field.validation_alias, str) else field.alias
    wanted, metadata = unwrap(hint)
    metadata = (*metadata, *(item for item in field.metadata if item not in metadata))
    return PropertyField(
        alias or name, canonical_segment((alias or name).rstrip("_")), wanted, metadata, field
    )
