"""The source tree as the rules see it."""

import ast
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYFLY = ROOT / "pyfly"
TESTS = ROOT / "tests"

_GENERATED = {"__pycache__", "build", "dist", "site", "node_modules"}
_VISIBLE = {".ci", ".gitignore"}
_TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".cfg", ".j2", ".sql", ".json", ""}


def modules() -> list[Path]:
    """Return every module of the package; templates of the scaffold are data, not modules."""
    return sorted(path for path in PYFLY.rglob("*.py") if "templates" not in path.parts)


def packages() -> list[str]:
    """Return the dotted names of all packages below ``pyfly``."""
    folders = [path.parent for path in modules() if path.name == "__init__.py" and path.parent != PYFLY]
    return [".".join(folder.relative_to(ROOT).parts) for folder in folders]


def top_level_packages() -> list[str]:
    """Return the packages directly below ``pyfly``."""
    return [name for name in packages() if name.count(".") == 1]


def label(path: Path) -> str:
    """Return *path* as seen from the root of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), label(path))


def project_texts() -> Iterator[Path]:
    """Yield every text file that belongs to the project."""
    for folder, subfolders, files in os.walk(ROOT):
        subfolders[:] = sorted(name for name in subfolders if name not in _GENERATED and _is_visible(name))
        for path in (Path(folder, name) for name in sorted(files) if _is_visible(name) and name != "LICENSE"):
            if path.suffix in _TEXT:
                yield path


def _is_visible(name: str) -> bool:
    return not name.startswith(".") or name in _VISIBLE


def one_per_line(found: Iterable[object]) -> str:
    """Return the text that a failing rule shows."""
    return "".join(f"\n  {item}" for item in found)
