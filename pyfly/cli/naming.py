"""Which names a project and its package may have."""

import keyword
import re
import sys
from typing import Final

RESERVED: Final = frozenset(
    {
        *("test", "tests", "src", "pyfly", "site", "setup", "pip", "pkg", "main", "app", "config"),
        *("pydantic", "starlette", "uvicorn", "sqlalchemy", "alembic", "click", "rich", "jinja2"),
        *("yaml", "structlog", "httpx", "pytest", "mypy", "ruff", "hatchling", "build", "dist", "docs"),
    }
)
_PROJECT: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
_PACKAGE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


class InvalidNameError(ValueError):
    """A name that a project or package cannot have."""


def package_of(name: str) -> str:
    """Return the package name that belongs to the project *name*."""
    return name.replace("-", "_").replace(" ", "_").lower()


def check_project_name(name: str) -> None:
    """Accept *name* for a project, its folder and its distribution.

    Raises:
        InvalidNameError: It cannot be one.
    """
    if not _PROJECT.fullmatch(name):
        raise InvalidNameError(
            f"{name!r} is not a project name: begin with a letter, go on with letters, digits, '-' and '_'."
        )
    check_package_name(package_of(name))


def check_package_name(package: str) -> None:
    """Accept *package* for a Python package.

    Raises:
        InvalidNameError: It cannot be one, or it would hide another package.
    """
    if not _PACKAGE.fullmatch(package):
        raise InvalidNameError(
            f"{package!r} is not a package name: begin with a letter, go on with lower-case letters, digits and '_'."
        )
    if keyword.iskeyword(package):
        raise InvalidNameError(f"{package!r} is a Python keyword.")
    if package in RESERVED or package in sys.stdlib_module_names:
        raise InvalidNameError(f"{package!r} conflicts with an existing package.")
