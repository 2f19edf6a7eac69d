"""Finds the auto-configuration modules: those that ship with the framework and those of other packages."""

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Final, NamedTuple

from pyfly.container.metadata import record_of
from pyfly.context.conditions import AutoConfigurationRecord
from pyfly.core.config.config import Config

ENTRY_POINT_GROUP: Final = "pyfly.auto_configuration"


class Uses(NamedTuple):
    """What puts a module of the framework to use: imports of its packages, or keys that ask for it."""

    packages: tuple[str, ...]
    asking_keys: tuple[str, ...] = ()


_DOCUMENTS: Final = ("pyfly.data.document.uri", "pyfly.data.document.enabled")
_DATABASES: Final = (
    "pyfly.data.url", "pyfly.data.engine", "pyfly.data.datasources", "pyfly.data.enabled", "pyfly.data.document.uri",
)  # fmt: skip

# Found without looking, so that a tree that is not installed works too.
BUILT_IN: Final = {
    "pyfly.web.auto_configuration": Uses(("pyfly.web",), ("pyfly.web.enabled",)),
    "pyfly.data.auto_configuration": Uses(("pyfly.data.mapper",)),
    "pyfly.data.relational.auto_configuration": Uses(("pyfly.data",), _DATABASES),
    "pyfly.data.memory.auto_configuration": Uses(("pyfly.data.memory",)),
    "pyfly.data.document.auto_configuration": Uses(("pyfly.data.document",), _DOCUMENTS),
    "pyfly.data.hooks.auto_configuration": Uses(("pyfly.data",), _DATABASES),
    "pyfly.actuator.auto_configuration": Uses(("pyfly.web",), ("pyfly.web.enabled",)),
    "pyfly.aop.auto_configuration": Uses(("pyfly.aop",)),
    "pyfly.validation.auto_configuration": Uses(("pyfly.validation", "pyfly.cqrs")),
    "pyfly.cqrs.auto_configuration": Uses(("pyfly.cqrs",)),
    "pyfly.eda.auto_configuration": Uses(("pyfly.eda",)),
    "pyfly.resilience.auto_configuration": Uses(("pyfly.resilience",)),
}


def auto_configuration_classes(config: Config | None = None) -> list[type]:
    """Return the auto-configuration classes, importing the modules that define them.

    Args:
        config: Leave out what ships with the framework and is used neither by an import nor by a key
            of this configuration; without one, nothing is left out.
    """
    classes: dict[type, None] = {}
    for name in dict.fromkeys((*BUILT_IN, *_entry_points(tuple(sys.path)))):
        if config is not None and not _is_in_use(name, config):
            continue
        module_name, _, attribute = name.partition(":")
        module = import_module(module_name)
        candidates = [getattr(module, attribute)] if attribute else list(vars(module).values())
        classes.update(dict.fromkeys(each for each in candidates if _is_auto(each, module_name)))
    return list(classes)


def _is_in_use(name: str, config: Config) -> bool:
    uses = BUILT_IN.get(name)
    if uses is None or not sys.modules.keys().isdisjoint(uses.packages):
        return True
    return any(
        str(config.get(key) or "").lower() not in ("", "auto", "false", "{}") for key in uses.asking_keys
    )


def _is_auto(candidate: object, module_name: str) -> bool:
    found = record_of(candidate, AutoConfigurationRecord) if isinstance(candidate, type) else None
    return found is not None and found.is_auto and candidate.__module__ == module_name


@lru_cache(maxsize=4)
def _entry_points(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values of our entry-point group in all installed distributions.

    Reads ``entry_points.txt`` as the PyPA specification describes it. ``importlib.metadata`` would
    do the same and cost more than the rest of the start.
    """
    found: dict[str, None] = {}
    for directory in path:
        for text in _entry_point_files(directory):
            found.update(dict.fromkeys(_values(text)))
    return tuple(found)


def _entry_point_files(directory: str) -> Iterator[str]:
    try:
        with os.scandir(directory or ".") as entries:
            found = sorted(each.path for each in entries if each.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return
    for path in found:
        try:
            with open(f"{path}/entry_points.txt", encoding="utf-8") as file:  # noqa: PTH123  # pathlib costs a start 5 ms
                text = file.read()
        except OSError:
            continue
        if f"[{ENTRY_POINT_GROUP}]" in text:
            yield text


def _values(text: str) -> Iterator[str]:
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]").strip()
        elif group == ENTRY_POINT_GROUP and "=" in line and not line.startswith(("#", ";")):
            yield line.partition("=")[2].partition("[")[0].strip()
