"""What can be set: one entry per key, read from the properties classes themselves."""

import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pyfly.core.config.coercion import type_text
from pyfly.core.config.declaration import Deprecated, Doc, prefix_of
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
from pyfly.core.config.keys import child
from pyfly.core.config.records import PropertyMetadata


def property_metadata(cls: type) -> list[PropertyMetadata]:
    """Return the keys of a properties class, those of nested sections included, in field order."""
    prefix = prefix_of(cls)
    if prefix is None:
        raise ValueError(f"{cls.__name__} has no prefix; decorate it with @config_properties('...').")
    return list(_entries(cls, prefix, NO_DEFAULT, ()))


def known_properties(classes: Iterable[type] | None = None) -> list[PropertyMetadata]:
    """Return the keys of *classes*, or of every properties class of the framework, sorted by key."""
    found = framework_properties() if classes is None else classes
    entries = {entry.key: entry for cls in found for entry in property_metadata(cls)}
    return [entries[key] for key in sorted(entries)]


@lru_cache(maxsize=1)
def framework_properties() -> tuple[type, ...]:
    """Return the properties classes in the ``properties.py`` files of the framework, sorted by prefix."""
    package = Path(__file__).parents[2]
    names = [
        ".".join([package.name, *path.relative_to(package).with_suffix("").parts])
        for path in sorted(package.rglob("properties.py"))
    ]
    found = {
        value
        for name in names
        for value in vars(import_module(name)).values()
        if isinstance(value, type) and value.__module__ == name and prefix_of(value) is not None
    }
    return tuple(sorted(found, key=lambda cls: (prefix_of(cls) or "", cls.__name__)))


def loaded_properties() -> tuple[type, ...]:
    """Return the properties classes of all modules that have been imported, sorted by prefix."""
    found = {
        value
        for name, module in tuple(sys.modules.items())
        for value in tuple(getattr(module, "__dict__", {}).values())
        if isinstance(value, type) and value.__module__ == name and prefix_of(value) is not None
    }
    return tuple(sorted(found, key=lambda cls: (prefix_of(cls) or "", cls.__name__)))


def doc_of(metadata: Iterable[Any]) -> str:
    """Return the text of the ``Doc`` among *metadata*, or ``""``."""
    return next((item.text for item in metadata if isinstance(item, Doc)), "")


def _entries(cls: type, prefix: str, owner: Any, above: tuple[type, ...]) -> Iterator[PropertyMetadata]:
    if cls in above:
        yield PropertyMetadata(child(prefix, "**"), cls.__name__)
        return
    for field in fields_of(cls):
        default = getattr(owner, field.name, NO_DEFAULT) if owner is not NO_DEFAULT else field.default
        yield from _of_field(field, child(prefix, field.segment), default, (*above, cls))


def _of_field(
    field: PropertyField, key: str, default: Any, above: tuple[type, ...]
) -> Iterator[PropertyMetadata]:
    wanted = optional_of(field.wanted)
    if is_section(wanted):
        yield from _entries(wanted, key, default if isinstance(default, wanted) else NO_DEFAULT, above)
        return
    inner = _inner(wanted)
    if is_section(inner):
        yield from _entries(inner, child(key, "*"), NO_DEFAULT, above)
    mark = next((item for item in field.metadata if isinstance(item, Deprecated)), None)
    yield PropertyMetadata(
        child(key, "**") if mapping_of(wanted) is not None and not is_section(inner) else key,
        type_text(field.wanted),
        None if default is NO_DEFAULT else default,
        default is NO_DEFAULT,
        doc_of(field.metadata),
        mark is not None,
        mark.replacement if mark else "",
    )


def _inner(wanted: Any) -> Any:
    pair = mapping_of(wanted)
    inner = pair[1] if pair is not None else element_of(wanted)
    return optional_of(unwrap(inner)[0])
