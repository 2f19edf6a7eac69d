"""How pydantic reads and writes pages: their fields, and what follows from them."""

from dataclasses import fields
from typing import Any, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema


def schema_of(
    cls: type[Any], source: Any, handler: GetCoreSchemaHandler, computed: dict[str, type]
) -> core_schema.CoreSchema:
    """Return the schema of a generic page class: its dataclass fields, and the properties *computed*."""
    item = next(iter(get_args(source)), Any)
    many: Any = list
    types: dict[str, Any] = {
        "items": many[item],
        "total": int,
        "page": int,
        "size": int,
        "has_next": bool,
        "next": str | None,
    }
    names = [field.name for field in fields(cls)]
    known = [
        core_schema.dataclass_field(name=name, schema=handler.generate_schema(types[name]), kw_only=False)
        for name in names
    ]
    derived = [
        core_schema.computed_field(name, handler.generate_schema(kind)) for name, kind in computed.items()
    ]
    arguments = core_schema.dataclass_args_schema(cls.__name__, known, computed_fields=derived)
    return core_schema.dataclass_schema(cls, arguments, names, frozen=True)
