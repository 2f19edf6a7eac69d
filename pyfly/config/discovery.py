"""Finds the auto-configuration modules: those that ship with the framework and those of other packages."""

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Final

from pyfly.container.metadata import record_of
from pyfly.context.conditions import AutoConfigurationRecord

ENTRY_POINT_GROUP: Final = "pyfly.auto_configuration"

# Found without looking, so that a tree that is not installed works too.
BUILT_IN: Final = (
    "pyfly.web.auto_configuration",
    "pyfly.data.relational.auto_configuration",
    "pyfly.actuator.auto_configuration",
    "pyfly.aop.auto_configuration",
    "pyfly.validation.auto_configuration",
    "pyfly.cqrs.auto_configuration",
    "pyfly.eda.auto_configuration",
    "pyfly.resilience.auto_configuration",
)


def auto_configuration_classes() -> list[type]:
    """Return every auto-configuration class, importing the modules that define them."""
    classes: dict[type, None] = {}
    for name in dict.fromkeys((*BUILT_IN, *_entry_points(tuple(sys.path)))):
        module_name, _, attribute = name.partition(":")
        module = import_module(module_name)
        candidates = [getattr(module, attribute)] if attribute else list(vars(module).values())
        classes.update(dict.fromkeys(each for each in candidates if _is_auto(each, module_name)))
    return list(classes)


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
            text = Path(path, "entry_points.txt").read_text(encoding="utf-8")
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
