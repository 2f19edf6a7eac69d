"""What ``pyfly run`` runs: finding it, importing it, and seeing what kind of thing it is."""

import ast
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from pyfly.core.config.config import Config
from pyfly.kernel.nearest import nearest

_MODULE_KEYS = ("pyfly.app.module", "app.module")


class TargetError(click.ClickException):
    """There is nothing to run at the given place."""


def discover(config: Config, folder: Path) -> str | None:
    """Return the target that *config* names, else the only ``app`` of a ``main.py`` in *folder* or ``src``.

    Raises:
        TargetError: There are several.
    """
    for key in _MODULE_KEYS:
        if named := str(config.get(key, "") or ""):
            return named
    found = sorted(set(_mains(folder / "src")) or set(_mains(folder)))
    if len(found) > 1:
        raise TargetError(f"Several applications found ({', '.join(found)}); choose one with --app.")
    return found[0] if found else None


def make_importable(folder: Path) -> None:
    """Let the modules in *folder*, and in its ``src``, be imported."""
    for place in (str(folder), str(folder / "src")):
        if place not in sys.path and Path(place).is_dir():
            sys.path.insert(0, place)


def load(target: str) -> tuple[ModuleType, Any]:
    """Return the module and the object that ``"package.module:attribute"`` names.

    Raises:
        TargetError: There is no such module, or it has no such attribute.
    """
    name, _, attribute = target.partition(":")
    module = _module(name)
    attribute = attribute or "app"
    found: Any = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            close = nearest(part, (name for name in vars(found) if not name.startswith("_")))
            hint = f" Did you mean '{close}'?" if close else ""
            raise TargetError(f"Module {name} has no '{part}' to run.{hint}")
        found = getattr(found, part)
    return module, _made(found)


def _module(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise TargetError(f"There is no module {error.name} in {Path.cwd()} or its src folder.") from None
        raise


def _made(found: Any) -> Any:
    """Call a factory such as ``def create() -> ...``; everything else stays what it is."""
    if not inspect.isfunction(found) or inspect.iscoroutinefunction(found):
        return found
    required = [
        each
        for each in inspect.signature(found).parameters.values()
        if each.default is inspect.Parameter.empty
    ]
    return found if required else found()


def _mains(folder: Path) -> Iterator[str]:
    for path in folder.glob("*/main.py"):
        if path.parent.name.isidentifier() and _defines_app(path):
            yield f"{path.parent.name}.main:app"


def _defines_app(path: Path) -> bool:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return False
    return any("app" in _names_of(statement) for statement in tree.body)


def _names_of(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.ImportFrom(names=names):
            return [alias.asname or alias.name for alias in names]
        case _:
            return []
