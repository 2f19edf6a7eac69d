"""The properties classes as one JSON Schema, for completion and checks in an editor."""

import types
from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal, Union, get_args, get_origin

from pyfly.core.config.constraints import described
from pyfly.core.config.declaration import Deprecated, prefix_of
from pyfly.core.config.fields import (
    NO_DEFAULT,
    PropertyField,
    element_of,
    fields_of,
    is_section,
    mapping_of,
    optional_of,
    unwrap,
)
from pyfly.core.config.reference import doc_of
from pyfly.core.config.secret import Secret
from pyfly.core.config.units import DURATION_EXPECTED, SIZE_EXPECTED, DataSize

_SIMPLE: Final[dict[Any, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Path: {"type": "string"},
    Secret: {"type": "string", "writeOnly": True},
    timedelta: {"type": ["string", "number"], "format": DURATION_EXPECTED},
    DataSize: {"type": ["string", "integer"], "format": SIZE_EXPECTED},
}


def config_schema(classes: Iterable[type]) -> dict[str, Any]:
    """Return a JSON Schema (2020-12) of a configuration file with the sections of *classes*."""
    root: dict[str, Any] = {"type": "object", "properties": {}}
    for cls in sorted(classes, key=lambda found: (prefix_of(found) or "", found.__name__)):
        section = root
        for segment in (prefix_of(cls) or "").split("."):
            section = section.setdefault("properties", {}).setdefault(segment, {"type": "object"})
        section.setdefault("properties", {}).update(_section(cls, (), NO_DEFAULT)["properties"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Configuration", **root}


def _section(cls: type, above: tuple[type, ...], owner: Any) -> dict[str, Any]:
    if cls in above:
        return {"type": "object", "properties": {}}
    return {
        "type": "object",
        "properties": {field.segment: _field(field, (*above, cls), owner) for field in fields_of(cls)},
    }


def _field(field: PropertyField, above: tuple[type, ...], owner: Any) -> dict[str, Any]:
    default = getattr(owner, field.name, NO_DEFAULT) if owner is not NO_DEFAULT else field.default
    found = {**_type(optional_of(field.wanted), above, default), **described(field.metadata)}
    if text := doc_of(field.metadata):
        found["description"] = text
    if any(isinstance(item, Deprecated) for item in field.metadata):
        found["deprecated"] = True
    if default is not NO_DEFAULT and (shown := _value(default)) is not None:
        found["default"] = shown
    return found


def _type(wanted: Any, above: tuple[type, ...], default: Any = NO_DEFAULT) -> dict[str, Any]:
    if is_section(wanted):
        return _section(wanted, above, default if isinstance(default, wanted) else NO_DEFAULT)
    if (pair := mapping_of(wanted)) is not None:
        return {"type": "object", "additionalProperties": _type(optional_of(unwrap(pair[1])[0]), above)}
    if (element := element_of(wanted)) is not None:
        return {"type": "array", "items": _type(optional_of(unwrap(element)[0]), above)}
    return _scalar(wanted)


def _scalar(wanted: Any) -> dict[str, Any]:
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return {"enum": [member.value for member in wanted]}
    if get_origin(wanted) is Literal:
        return {"enum": list(get_args(wanted))}
    if get_origin(wanted) in (Union, types.UnionType):
        return {"anyOf": [_scalar(unwrap(option)[0]) for option in get_args(wanted)]}
    return dict(_SIMPLE.get(wanted, {})) if isinstance(wanted, type) else {}


def _value(value: Any) -> Any:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _value(item) for name, item in value.items()}
    return value if isinstance(value, str | int | float | bool) else None
