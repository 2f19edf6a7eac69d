"""Lazy public names for packages (PEP 562), so that importing a package costs nothing."""

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType


class _LazyPackage(ModuleType):
    """A package in which a public name wins over a sub-module that is called the same.

    Importing ``pyfly.container.bean`` would otherwise replace the decorator ``pyfly.container.bean``
    by the module that defines it.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and name in self.__dict__.get("__lazy_names__", ()):
            return
        super().__setattr__(name, value)


def lazy_exports(
    package: str, homes: dict[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of *package*, importing each name on first use.

    Args:
        package: The ``__name__`` of the package.
        homes: Public name to the module that defines it.
    """
    module = sys.modules[package]
    module.__dict__["__lazy_names__"] = frozenset(homes)
    module.__class__ = _LazyPackage

    def load(name: str) -> object:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home), name)
        module.__dict__[name] = value
        return value

    def names() -> list[str]:
        return sorted({*vars(module), *homes})

    return load, names
