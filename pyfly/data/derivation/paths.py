"""Properties by the words of a method's name: ``address_city`` is ``city`` of ``address``."""

from collections.abc import Callable, Mapping
from typing import Any

from pyfly.data.mapping_fields import item_type

Hints = Callable[[type], Mapping[str, Any]]
"""Tells the properties of a class and their types."""


def path_of(name: str, cls: type, hints: Hints) -> str | None:
    """Return the dotted path of the property of *cls* that is written as *name*; ``None`` if there is none."""
    own = hints(cls)
    if name in own:
        return name
    for head, hint in own.items():
        inner, _is_list = item_type(hint)
        if inner is not None and name.startswith(f"{head}_"):
            rest = path_of(name[len(head) + 1 :], inner, hints)
            if rest is not None:
                return f"{head}.{rest}"
    return None
