"""Which fields a class has, for those who copy them: dataclasses, records, models, mapped and plain classes."""

import dataclasses
import types
from collections.abc import Collection, Iterable, Sequence
from dis import get_instructions
from functools import cache, cached_property
from typing import Any, NamedTuple, Union, cast, get_args, get_origin, get_type_hints

from pyfly.kernel.record import Record

_LISTS = (list, Sequence, Iterable, Collection)
_PLAIN_MODULES = ("builtins", "datetime", "decimal", "uuid", "enum", "typing")


class Field(NamedTuple):
    """One field of a target class.

    Attributes:
        hint: Its annotation.
        is_required: Whether an object cannot be made without it.
        is_identity: Whether it tells which stored entity this is.
        parameter: What the constructor calls it, if not by its name.
    """

    hint: Any
    is_required: bool = False
    is_identity: bool = False
    parameter: str = ""


def target_fields(cls: type) -> dict[str, Field]:
    """Return the fields that an object of *cls* is made of."""
    return _fields(cast("Any", cls))


@cache
def _fields(cls: Any) -> dict[str, Field]:
    if (mapper := _mapper(cls)) is not None:
        return _mapped_fields(mapper)
    hints = get_type_hints(cls)
    if dataclasses.is_dataclass(cls):
        return {
            field.name: Field(hints.get(field.name), _has_no_default(field))
            for field in dataclasses.fields(cls)
            if field.init
        }
    models: dict[str, Any] = getattr(cls, "model_fields", {})
    if models:
        return {
            name: Field(hints.get(name), field.is_required(), parameter=_parameter(cls, field))
            for name, field in models.items()
        }
    return {name: Field(hint, not hasattr(cls, name)) for name, hint in hints.items() if name[0] != "_"}


def source_names(cls: type) -> frozenset[str] | None:
    """Return which fields objects of *cls* have; ``None`` if only the object itself knows.

    Objects of plain classes may have more than that: see :func:`is_closed`.
    """
    if (mapper := _mapper(cls)) is not None:
        return frozenset((*mapper.all_orm_descriptors.keys(), *_properties(cls)))
    if dataclasses.is_dataclass(cls):
        return frozenset((*(field.name for field in dataclasses.fields(cls)), *_properties(cls)))
    hints = get_type_hints(cls)
    return frozenset((*hints, *_stored(cls), *_properties(cls))) if hints else None


def is_closed(cls: type) -> bool:
    """Return whether objects of *cls* have the fields that it declares and no others."""
    return _is_made_of_fields(cls) or issubclass(cls, Record | tuple)


def item_type(hint: Any) -> tuple[type | None, bool]:
    """Return the class that *hint* says values are of, if it is one to map to, and whether they are in a list."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        others = [argument for argument in arguments if argument is not type(None)]
        return item_type(others[0]) if len(others) == 1 else (None, False)
    if origin in _LISTS and arguments:
        inner, _ = item_type(arguments[0])
        return inner, inner is not None
    if not isinstance(hint, type) or hint.__module__ in _PLAIN_MODULES or not _is_made_of_fields(hint):
        return None, False
    return hint, False


def _is_made_of_fields(cls: type) -> bool:
    is_known = dataclasses.is_dataclass(cls) or hasattr(cls, "model_fields")
    return is_known or _mapper(cls) is not None


def _mapper(cls: Any) -> Any:
    return vars(cls).get("__mapper__") if isinstance(cls, type) else None


def _mapped_fields(mapper: Any) -> dict[str, Field]:
    keys = {mapper.get_property_by_column(column).key for column in mapper.primary_key}
    version = mapper.version_id_col
    if version is not None:
        keys.add(mapper.get_property_by_column(version).key)
    fields = {}
    related = _set_by_relationships(mapper)
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        has_default = column.default is not None or column.server_default is not None or column.nullable
        has_default = has_default or column in related
        is_identity = attribute.key in keys
        fields[attribute.key] = Field(None, not (has_default or is_identity), is_identity)
    for composite in mapper.composites:
        parts = [each.key for each in composite.props]
        fields[composite.key] = Field(
            composite.composite_class, any(fields[key].is_required for key in parts)
        )
        fields.update((key, fields[key]._replace(is_required=False)) for key in parts)
    for relationship in mapper.relationships:
        target: Any = relationship.mapper.class_
        fields[relationship.key] = Field(
            types.GenericAlias(list, (target,)) if relationship.uselist else target
        )
    return fields


def _set_by_relationships(mapper: Any) -> set[Any]:
    """Return the foreign keys that follow from which entity an entity is given to, or is given."""
    relationships = (relation for each in mapper.registry.mappers for relation in each.relationships)
    return {filled for relation in relationships for _key, filled in relation.synchronize_pairs}


def _parameter(model: Any, field: Any) -> str:
    """Return what a model of pydantic is given a field by: its alias, unless it takes its name as well."""
    if model.model_config.get("validate_by_name") or model.model_config.get("populate_by_name"):
        return ""
    alias = field.validation_alias
    choices = getattr(alias, "choices", (alias,))
    return next((each for each in choices if isinstance(each, str)), "")


def _has_no_default(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _stored(cls: type) -> list[str]:
    """Return the attributes that the constructor of *cls*, or of a base, sets."""
    codes = (getattr(vars(base).get("__init__"), "__code__", None) for base in cls.__mro__)
    instructions = (each for code in codes if code is not None for each in get_instructions(code))
    return [str(each.argval) for each in instructions if each.opname == "STORE_ATTR"]


def _properties(cls: type) -> list[str]:
    return [
        name
        for base in cls.__mro__
        for name, member in vars(base).items()
        if isinstance(member, property | cached_property)
    ]
