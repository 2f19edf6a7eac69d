"""Packages say what they are for, name what they offer, and cost nothing to import."""

import ast
import importlib
import json
import subprocess
import sys

import pytest

from tests.architecture.source import PYFLY, ROOT, label, one_per_line, packages, parsed, top_level_packages

HEAVY = {
    *("pydantic", "yaml", "structlog", "starlette", "uvicorn", "sqlalchemy", "alembic"),
    *("click", "rich", "jinja2", "questionary", "pytest", "httpx"),
}
FOUNDATION = ["pyfly.kernel", "pyfly.container", "pyfly.context", "pyfly.core.config"]
HEAVY_FOR_THE_FOUNDATION = HEAVY | {"asyncio", "logging", "importlib.metadata", "difflib"}


@pytest.mark.parametrize("package", packages())
def test_each_package_says_in_one_paragraph_what_it_is_for(package: str) -> None:
    init = ROOT.joinpath(*package.split("."), "__init__.py")
    docstring = ast.get_docstring(parsed(init))
    assert docstring, f"{package} has no docstring"
    assert docstring.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("package", packages())
def test_each_package_that_exports_lists_names_that_all_exist(package: str) -> None:
    module = importlib.import_module(package)
    names = getattr(module, "__all__", None)
    if names is None:
        assert not hasattr(module, "__getattr__"), f"{package} exports lazily without __all__"
        return
    assert len(set(names)) == len(names)
    for name in names:
        getattr(module, name)


@pytest.mark.parametrize("package", ["pyfly", *packages()])
def test_importing_a_package_imports_no_heavy_library(package: str) -> None:
    assert _imported_by(package) & HEAVY == set()


@pytest.mark.parametrize("package", FOUNDATION)
def test_importing_the_foundation_does_not_even_import_the_costly_parts_of_the_standard_library(
    package: str,
) -> None:
    assert _imported_by(package) & HEAVY_FOR_THE_FOUNDATION == set()


def test_the_main_names_of_the_foundation_are_light_too() -> None:
    names = "from pyfly.container import Container; from pyfly.context import ApplicationContext"
    assert _loaded(names) & HEAVY_FOR_THE_FOUNDATION == set()


def test_no_folder_of_python_files_is_left_without_an_init_file() -> None:
    folders = {path.parent for path in PYFLY.rglob("*.py") if "templates" not in path.parts}
    found = [label(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()]
    assert not found, one_per_line(found)


def test_every_top_level_package_can_be_imported_with_the_base_dependencies_only() -> None:
    done = _python(_ONLY_BASE_DEPENDENCIES, *top_level_packages())
    assert done.returncode == 0, done.stderr


def _imported_by(package: str) -> set[str]:
    return _loaded(f"import {package}")


def _loaded(statement: str) -> set[str]:
    done = _python(
        f"import sys\nbefore = set(sys.modules)\n{statement}\nimport json\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    )
    assert done.returncode == 0, done.stderr
    loaded: list[str] = json.loads(done.stdout)
    return set(loaded)


def _python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )


# Hides every distribution that `pip install pyfly` would not bring, then imports the packages given as arguments.
_ONLY_BASE_DEPENDENCIES = """
import re, sys
from importlib import import_module
from importlib.metadata import packages_distributions, requires

def closure(name, seen):
    if name not in seen:
        seen.add(name)
        for requirement in requires(name) or ():
            if ";" not in requirement:
                closure(re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-"), seen)
    return seen

allowed = set().union(*(closure(name, set()) for name in ("pydantic", "pyyaml", "structlog"))) | {"pyfly"}
owners = {module: {name.lower().replace("_", "-") for name in names} for module, names in packages_distributions().items()}

class Hidden:
    def find_spec(self, name, path=None, target=None):
        owner = owners.get(name.partition(".")[0])
        if owner and not owner & allowed:
            raise ModuleNotFoundError(f"{name} belongs to no base dependency but to {sorted(owner)}", name=name)

sys.meta_path.insert(0, Hidden())
for package in sys.argv[1:]:
    import_module(package)
"""
