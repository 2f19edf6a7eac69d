"""Does something about a library at the moment somebody imports it, and not before."""

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any

__all__ = ["when_imported"]

_watched: dict[str, "_Watcher"] = {}


def when_imported(name: str, act: Callable[[], None]) -> None:
    """Call *act* once the module *name* has been imported: now, if it has been already.

    Asking again for the same module replaces what was to be done.
    """
    if name in sys.modules:
        act()
        return
    watcher = _watched.get(name)
    if watcher is None:
        watcher = _watched[name] = _Watcher(name)
        sys.meta_path.insert(0, watcher)
    watcher.act = act


class _Watcher:
    """A finder that finds nothing itself: it waits for one name and lets the others find the module."""

    act: Callable[[], None]

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        del _watched[name]
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            loader.exec_module = self._acting(loader.exec_module)
        return spec

    def _acting(self, execute: Callable[[Any], None]) -> Callable[[Any], None]:
        def execute_and_act(module: Any) -> None:
            execute(module)
            self.act()

        return execute_and_act
