"""Writes a project from the templates: completely, or not at all."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from pyfly.cli.catalogue import checked_features
from pyfly.cli.naming import check_package_name, check_project_name, package_of
from pyfly.data.relational.sqlalchemy.migrations.templates import ENVIRONMENT, REVISION

# Where each file goes, and the template it comes from; PKG stands for the package's folder.
_COMMON: Final = {
    "pyproject.toml": "common/pyproject.toml.j2",
    "pyfly.yaml": "common/pyfly.yaml.j2",
    "Dockerfile": "common/Dockerfile.j2",
    ".dockerignore": "common/dockerignore.j2",
    "README.md": "common/README.md.j2",
    ".gitignore": "common/gitignore.j2",
    ".env.example": "common/env.example.j2",
    "PKG/__init__.py": "common/package.py.j2",
    "PKG/py.typed": "common/empty.j2",
    "PKG/app.py": "common/app.py.j2",
    "PKG/main.py": "common/main.py.j2",
    "tests/__init__.py": "common/empty.j2",
    "tests/conftest.py": "common/conftest.py.j2",
}
_OF_ARCHETYPE: Final = {
    "core": {
        "PKG/greeting.py": "core/greeting.py.j2",
        "tests/test_greeting.py": "core/test_greeting.py.j2",
    },
    "web-api": {
        "PKG/controllers/__init__.py": "web_api/controllers.py.j2",
        "PKG/controllers/health_controller.py": "web_api/health_controller.py.j2",
        "PKG/controllers/item_controller.py": "web_api/item_controller.py.j2",
        "PKG/services/__init__.py": "web_api/services.py.j2",
        "PKG/services/item_service.py": "web_api/item_service.py.j2",
        "PKG/models/__init__.py": "web_api/models.py.j2",
        "PKG/models/item.py": "web_api/item.py.j2",
        "PKG/repositories/__init__.py": "web_api/repositories.py.j2",
        "PKG/repositories/item_repository.py": "web_api/item_repository.py.j2",
        "tests/test_item_controller.py": "web_api/test_item_controller.py.j2",
    },
}
_OF_FEATURE: Final = {
    "data-relational": {
        "pyfly-dev.yaml": "common/pyfly-dev.yaml.j2",
        "migrations/env.py": "common/migrations_env.py.j2",
        "migrations/script.py.mako": "common/migrations_script.py.mako.j2",
        "migrations/versions/.gitkeep": "common/empty.j2",
    }
}
_OF_BOTH: Final = {
    ("web-api", "data-relational"): {"migrations/versions/0001_items.py": "web_api/first_revision.py.j2"}
}


def generate_project(
    name: str,
    project_dir: Path,
    archetype: str,
    features: Iterable[str] | None = None,
    *,
    package: str | None = None,
) -> list[Path]:
    """Create the folder *project_dir* with a project called *name*.

    The folder appears when all files are in it; a failure leaves nothing behind.

    Args:
        name: The name of the project.
        project_dir: The folder to create, in a folder that exists.
        archetype: ``core`` or ``web-api``.
        features: The features, or ``None`` for the usual ones.
        package: The name of the package, if not made from *name*.

    Returns:
        The files, relative to *project_dir*.

    Raises:
        InvalidNameError: The name or the package cannot be called so.
        UnknownFeaturesError: There is no such feature.
        FileExistsError: Something is there already, be it a dangling link.
    """
    check_project_name(name)
    package = package or package_of(name)
    check_package_name(package)
    values = _values(name, package, archetype, checked_features(archetype, features))
    if project_dir.exists() or project_dir.is_symlink():
        raise FileExistsError(f"{project_dir} exists already")
    workshop = Path(mkdtemp(prefix=f".{package}-", dir=project_dir.parent))
    try:
        draft = workshop / "project"
        files = [_write(draft, path, text) for path, text in _rendered(archetype, values)]
        draft.rename(project_dir)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return sorted(files)


def generate_core_project(name: str, project_dir: Path) -> list[Path]:
    """Create a project of the archetype ``core`` without features. See :func:`generate_project`."""
    return generate_project(name, project_dir, "core", ())


def _values(name: str, package: str, archetype: str, features: tuple[str, ...]) -> dict[str, Any]:
    return {
        "name": name,
        "package": package,
        "archetype": archetype,
        "features": features,
        "web": "web" in features,
        "relational": "data-relational" in features,
        "environment": ENVIRONMENT,
        "revision": REVISION,
    }


def _rendered(archetype: str, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    # What is written are programs and settings, where HTML escapes would be wrong; the values are checked names.
    templates = Environment(  # noqa: S701
        loader=PackageLoader("pyfly.cli", "templates"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    files = dict(_COMMON) | _OF_ARCHETYPE[archetype]
    for feature in values["features"]:
        files |= _OF_FEATURE.get(feature, {}) | _OF_BOTH.get((archetype, feature), {})
    for path, template in files.items():
        yield path.replace("PKG", f"src/{values['package']}"), templates.get_template(template).render(values)


def _write(draft: Path, path: str, text: str) -> Path:
    file = draft / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)
