"""What the documentation names exists: Python names, configuration keys, packages."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from pyfly.core.config.keys import parse_key
from tests.docs.pages import ROOT, pages

# `pyfly.web.port`, `pyfly.container.Container`; not file names such as pyfly.yaml, nor our entry point group.
DOTTED = re.compile(r"(?<![\w/.-])pyfly(?:\.[A-Za-z_][\w-]*)+")
FILES = {"pyfly.yaml", "pyfly.toml", "pyfly.db", "pyfly.auto_configuration"}
LOGGERS = {"pyfly.data.loading", "pyfly.data.slow", "pyfly.data.sql"}
GUIDE_OF = {
    "actuator": "actuator",
    "aop": "aop",
    "cli": "command-line",
    "config": "configuration",
    "container": "dependency-injection",
    "context": "lifecycle",
    "core": "configuration",
    "cqrs": "cqrs",
    "data": "data-relational",
    "domain": "domain",
    "eda": "events",
    "kernel": "kernel",
    "logging": "logging",
    "resilience": "resilience",
    "security": "security",
    "testing": "testing",
    "validation": "validation",
    "web": "web",
}
# Guides of a topic within a package; others are called `web-<topic>`.
TOPICS = {"data-document", "migrations", "openapi", "transactions"}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_dotted_name_is_a_python_name_or_a_configuration_key(page: Path) -> None:
    named = set(DOTTED.findall(page.read_text(encoding="utf-8"))) - FILES - LOGGERS
    assert sorted(name for name in named if not (_is_key(name) or _is_python(name))) == []


def test_every_package_is_covered_by_a_guide_and_every_guide_covers_one() -> None:
    packages = {path.parent.name for path in (ROOT / "pyfly").glob("*/__init__.py")}
    assert set(GUIDE_OF) == packages - {"resources"}
    guides = {guide.stem for guide in (ROOT / "docs" / "guides").glob("*.md")}
    assert {name for name in guides - TOPICS if not name.startswith("web-")} == set(GUIDE_OF.values())


def _is_python(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def _is_key(name: str) -> bool:
    known, name = _keys(), parse_key(name).canonical
    return any(name == key or key.startswith(f"{name}.") or _inside_open(name, key) for key in known)


def _inside_open(name: str, key: str) -> bool:
    """Tell whether *name* lies below a key that takes names of the user's, such as ``pyfly.logging.level``."""
    return key in _OPEN and name.startswith(f"{key}.")


_OPEN = {"pyfly.data.datasources", "pyfly.data.hooks", "pyfly.logging.level"}


@cache
def _keys() -> frozenset[str]:
    defaults = yaml.safe_load((ROOT / "pyfly-defaults.yaml").read_text(encoding="utf-8"))
    return frozenset({*_flatten(defaults, ""), *_OPEN})


def _flatten(values: dict[str, object], prefix: str) -> list[str]:
    keys: list[str] = []
    for key, value in values.items():
        name = f"{prefix}{key}"
        keys += _flatten(value, f"{name}.") if isinstance(value, dict) and value else [name]
    return keys
