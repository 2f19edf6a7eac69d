"""How configuration and commands call what belongs to one data source, for advice that reaches the right one."""

from typing import Final

DEFAULT: Final = "default"


def key_of(name: str, key: str) -> str:
    """Return the whole configuration key that is *key* of the data source called *name*."""
    return f"pyfly.data.{key}" if name == DEFAULT else f"pyfly.data.datasources.{name}.{key}"


def option_of(name: str) -> str:
    """Return what a command has to be given, after a space, to concern the data source called *name*."""
    return "" if name == DEFAULT else f" --datasource {name}"
