"""The tests mirror the tree: who looks for the tests of a module finds them at its place."""

from pathlib import Path

from tests.architecture.source import PYFLY, TESTS, modules, one_per_line

# Files of these names have no test file of their own, because of what they are.
BY_NAME = {
    "__init__.py": "lists lazy exports: test_packages.py resolves each of them",
    "auto_configuration.py": "chooses adapters: reached through booted applications",
    "properties.py": "declares keys and defaults: compared with the defaults file as a whole",
    "exceptions.py": "data of errors: raised and explained in the tests of those who raise them",
    "records.py": "data of decorators: read back in the tests of the decorators",
}
BY_FOLDER = {
    "ports": "promises: kept by the contract suites that every adapter runs",
    "templates": "files of scaffolded projects: tested as the projects that they become",
}
BY_PATH: dict[str, str] = {}


def _places(inside: Path) -> list[Path]:
    """Return where the tests may be: the mirrored file, or one for a subpackage as a whole."""
    subpackages = [folder for folder in inside.parents if len(folder.parts) > 1]
    return [inside.with_name(f"test_{inside.name}"), *(f.with_name(f"test_{f.name}.py") for f in subpackages)]


def _needs_a_test_file(path: Path) -> bool:
    inside = path.relative_to(PYFLY)
    return not (
        path.name in BY_NAME
        or path.name.startswith("_")
        or BY_FOLDER.keys() & set(inside.parts[:-1])
        or inside.as_posix() in BY_PATH
    )


def test_every_module_or_the_subpackage_that_it_is_part_of_has_its_test_file() -> None:
    missing = [
        f"tests/{inside.with_name(f'test_{inside.name}')}"
        for inside in (path.relative_to(PYFLY) for path in modules() if _needs_a_test_file(path))
        if not any((TESTS / place).is_file() for place in _places(inside))
    ]
    assert not missing, one_per_line(missing)


def test_every_exception_from_the_rule_names_a_module_that_exists() -> None:
    assert [path for path in BY_PATH if not (PYFLY / path).is_file()] == []
