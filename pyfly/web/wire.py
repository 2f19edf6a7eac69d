"""How values become JSON where JSON has no word for them: bytes, numbers that are none, the names of pages' fields.

Bytes are base64 with the alphabet of URLs, in both directions, unless a model says otherwise (``ser_json_bytes``,
``val_json_bytes``). What pydantic compiles by itself would take them for text.
"""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, NoReturn

from pydantic_core import SchemaSerializer, SchemaValidator, to_json

from pyfly.web.type_adapters import Adapter, Schema, adapter_of, is_model_class

_CONFIG: Final = {"ser_json_bytes": "base64", "val_json_bytes": "base64"}
_CONFIGURED: Final = frozenset({"model", "dataclass", "typed-dict"})
_OPAQUE: Final = frozenset({"metadata", "cls", "default", "expected"})
_NOTHING: Final = frozenset[str]()
_INSIDE: Final = {
    "any": "",
    "dict": "values_schema",
    **dict.fromkeys(("list", "set", "frozenset"), "items_schema"),
}
_BASE64: Final = {"format": "base64url", "contentEncoding": "base64url"}


class NoJsonNumberError(Exception):
    """A handler returned a number that JSON does not know."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("a handler returned NaN or an infinity, which are no numbers in JSON")


def written(value: Any) -> bytes:
    """Return *value* as JSON, going by its own type; NaN and infinities, of which nothing is promised, are ``null``."""
    if is_model_class(cls := type(value)):
        return _writer(cls)(value, by_alias=True)
    return to_json(value, by_alias=True, bytes_mode="base64", inf_nan_mode="null")


@lru_cache(maxsize=256)
def _writer(cls: type) -> Callable[..., bytes]:
    return wired(adapter_of(cls, cls.__name__), strict=False).serializer.to_json


def wired(adapter: Adapter, *, camel: bool = False, strict: bool = True) -> Adapter:
    """Return *adapter*, reading and writing JSON as this module says.

    With *camel*, fields of pages are ``totalPages``. What is no number is left for :func:`require_json` to find
    if *strict*, else it is ``null``.
    """
    parts = [*_parts(adapter.core_schema)]
    has_bytes, has_floats = (any(_kind(part) == kind for part in parts) for kind in ("bytes", "float"))
    has_pages = camel and any(map(_is_page, parts))
    if not (has_bytes or has_floats or has_pages or any(map(_is_untyped, parts))):
        return adapter
    config: Any = {**_CONFIG, "ser_json_inf_nan": "constants" if has_floats and strict else "null"}
    schema = _rewritten(adapter.core_schema, config, camel=has_pages)
    # Models have compiled themselves already; here they are compiled anew.
    serializer = SchemaSerializer(schema, config, _use_prebuilt=False)
    validator = SchemaValidator(schema, config, _use_prebuilt=False) if has_bytes else adapter.validator
    return Adapter(schema, validator, serializer)


def has_fields(adapter: Adapter) -> bool:
    """Say whether *adapter* reads values with named fields, or such as have them inside."""
    return any(_kind(part) in _CONFIGURED for part in _parts(adapter.core_schema))


def ignoring(adapter: Adapter) -> frozenset[str]:
    """Return the titles of the models in *adapter* that say themselves that other fields are ignored."""
    configured = [part for part in _parts(adapter.core_schema) if _kind(part) in _CONFIGURED]
    said = [(part.get("config", {}), part.get("cls")) for part in configured]
    return frozenset(
        config.get("title") or cls.__name__
        for config, cls in said
        if config.get("extra_fields_behavior") == "ignore" and cls is not None
    )


def closed(adapter: Adapter) -> Adapter:
    """Return *adapter*, refusing fields that are not declared, except where a model says itself what becomes of them."""
    schema = _closed(adapter.core_schema)
    config: Any = {"val_json_bytes": _CONFIG["val_json_bytes"]}
    return Adapter(schema, SchemaValidator(schema, config, _use_prebuilt=False), adapter.serializer)


def _closed(schema: Schema) -> Schema:
    if isinstance(schema, list | tuple):
        return type(schema)(map(_closed, schema))
    if not isinstance(schema, dict):
        return schema
    opaque = _opaque(schema)
    found = {key: value if key in opaque else _closed(value) for key, value in schema.items()}
    if _kind(schema) in _CONFIGURED:
        found["config"] = {"extra_fields_behavior": "forbid", **schema.get("config", {})}
    return found


def may_be_no_json(adapter: Adapter) -> bool:
    """Say whether *adapter*, which has been :func:`wired`, may write numbers that JSON does not know."""
    return any(_kind(schema) == "float" for schema in _parts(adapter.core_schema))


def require_json(body: bytes) -> bytes:
    """Return *body*.

    Raises:
        NoJsonNumberError: It contains NaN or an infinity.
    """
    if b"NaN" in body or b"Infinity" in body:
        json.loads(body, parse_constant=_refuse)
    return body


def _refuse(_constant: str) -> NoReturn:
    raise NoJsonNumberError


def _parts(schema: Schema) -> Iterator[dict[str, Any]]:
    waiting = [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting += [value for key, value in each.items() if key not in _opaque(each)]
        elif isinstance(each, list | tuple):
            waiting += each


def _opaque(schema: dict[str, Any]) -> frozenset[str]:
    """Return what in *schema* is no schema; a mapping of fields may have any names."""
    return _OPAQUE if _kind(schema) else _NOTHING


def _kind(schema: dict[str, Any]) -> str:
    """Return the type of *schema*; none of what is a mapping of fields, one of which may be called "type"."""
    kind = schema.get("type")
    return kind if isinstance(kind, str) else ""


def _is_untyped(schema: dict[str, Any]) -> bool:
    inside = _INSIDE.get(_kind(schema))
    return inside is not None and inside not in schema


def _rewritten(schema: Schema, config: dict[str, Any], *, camel: bool) -> Schema:
    if isinstance(schema, list | tuple):
        return type(schema)([_rewritten(each, config, camel=camel) for each in schema])
    if not isinstance(schema, dict):
        return schema
    opaque = _opaque(schema)
    found = {
        key: value if key in opaque else _rewritten(value, config, camel=camel)
        for key, value in schema.items()
    }
    if _kind(schema) in _CONFIGURED:
        found["config"] = {**config, **schema.get("config", {})}
    if _kind(schema) == "bytes":
        metadata = schema.get("metadata", {})
        updates = {**_BASE64, **metadata.get("pydantic_js_updates", {})}
        found["metadata"] = {**metadata, "pydantic_js_updates": updates}
    if camel and _is_page(schema):
        arguments = found["schema"]
        for field in arguments["fields"]:
            field["serialization_alias"] = _camel(field["name"])
        for field in arguments.get("computed_fields", ()):
            field["alias"] = _camel(field["property_name"])
    return found


def _is_page(schema: dict[str, Any]) -> bool:
    # Known by its look, so that pages need not be imported.
    return schema.get("type") == "dataclass" and hasattr(schema.get("cls"), "wire_schema")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
