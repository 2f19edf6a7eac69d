"""Rules about the text of the project, each with its reason."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PYFLY, label, modules, one_per_line, parsed, project_texts

MAX_LINES = 400
MAX_FUNCTION_LINES = 60

METADATA = PYFLY / "container" / "metadata.py"
LOADED_LATE = {
    PYFLY / "cli" / "db_session.py",
    PYFLY / "container" / "assembly.py",
    PYFLY / "context" / "application_context.py",
    PYFLY / "context" / "environment.py",
    PYFLY / "web" / "adapters" / "starlette" / "app.py",
    PYFLY / "web" / "adapters" / "starlette" / "assembling.py",
}
WRITTEN = PYFLY / "resources" / "defaults.py"  # by a script, as long as the YAML file is
CLOCK = PYFLY / "kernel" / "clock.py"

# Spelled in pieces, so that this file does not contain what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            r"/(?:work|root|home/\w+|Users)/",
            "(?i:Fire" + "fly)",
            "(?:pypi" + r"\.org|python" + r"hosted|registry\.npmjs|crates" + r"\.io)",
            r"(?i:\b(?:clau" + "de|anthro" + r"pic|chat" + r"gpt|sub" + r"agent|LL" + r"M)\b)",
        ]
    )
)

Finder = Callable[[ast.Module], Iterator[int]]


def type_checking(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("TYPE_CHECKING"):
            yield node.lineno


def marker_attributes(tree: ast.Module) -> Iterator[int]:
    allowed = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("published")
        for argument in node.args[:1]
    }
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        names = [getattr(node, field, None) for field in ("id", "attr", "name", "arg")]
        if isinstance(node, ast.Constant) and id(node) not in allowed | documentation:
            names.append(node.value)
        if any(isinstance(name, str) and "__pyfly_" in name for name in names):
            yield getattr(node, "lineno", 0)


def directory_listings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dir":
            yield node.lineno


def clock_readings(tree: ast.Module) -> Iterator[int]:
    readings = {
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "time.time",
        "time.monotonic",
        "datetime.today",
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("datetime.") in readings | {
            "now"
        }:
            yield node.lineno


def long_functions(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield node.lineno


@pytest.mark.parametrize(
    ("rule", "exempt"),
    [
        # The container reads annotations at run time, so what they name must exist then.
        # Exempt are packages, whose names are lazy, and parts that would otherwise load what few programs need.
        (type_checking, lambda path: path.name == "__init__.py" or path in LOADED_LATE),
        # Records are the source of what decorators said; attributes are only a published view of them.
        (marker_attributes, lambda path: path == METADATA),
        # Listing attributes evaluates properties and lists what is none of our business.
        (directory_listings, lambda path: False),
        # Time is injected, so that tests can move it.
        (clock_readings, lambda path: path == CLOCK),
        # A function that does not fit on a screen does more than one thing.
        (long_functions, lambda path: False),
    ],
    ids=["type checking imports", "marker attributes", "dir", "clock", "function length"],
)
def test_no_module_breaks_the_rule_on(rule: Finder, exempt: Callable[[Path], bool]) -> None:
    found = [f"{label(path)}:{line}" for path in modules() if not exempt(path) for line in rule(parsed(path))]
    assert not found, one_per_line(found)


def test_no_module_is_longer_than_one_idea() -> None:
    lengths = {
        label(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules()
        if path != WRITTEN
    }
    found = [f"{path}: {length} lines" for path, length in lengths.items() if length > MAX_LINES]
    assert not found, one_per_line(found)


def test_no_file_names_a_foreign_machine_company_or_registry() -> None:
    found = [
        f"{label(path)}:{number}: {match[0]}"
        for path in project_texts()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (match := FOREIGN.search(line))
    ]
    assert not found, one_per_line(found)


@pytest.mark.parametrize(
    ("finder", "text", "lines"),
    [
        (type_checking, "import typing\nif typing.TYPE_CHECKING:\n    import x", [2]),
        (
            marker_attributes,
            "'''About __pyfly_x__.'''\nx = f.__pyfly_bean__\ny = published('__pyfly_z__')",
            [2],
        ),
        (directory_listings, "x = 1\nfor n in dir(x): pass", [2]),
        (clock_readings, "import time\nt = time.monotonic()\nu = time.perf_counter()", [2]),
        (long_functions, "def f():\n" + "    x = 1\n" * 60, [1]),
    ],
    ids=["type checking", "marker", "dir", "clock", "length"],
)
def test_the_rules_find_what_they_look_for(finder: Finder, text: str, lines: list[int]) -> None:
    assert list(finder(ast.parse(text))) == lines
