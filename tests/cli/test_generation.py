import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pyfly.cli.generation import generate_core_project, generate_project
from pyfly.cli.naming import InvalidNameError
from tests.cli.support import ROOT

PAIRS = [
    ("core", ()),
    ("core", ("web",)),
    ("core", ("data-relational",)),
    ("core", ("web", "data-relational")),
    ("web-api", ("web",)),
    ("web-api", ("web", "data-relational")),
]
COMMON = {
    *("pyproject.toml", "pyfly.yaml", "Dockerfile", "README.md", ".gitignore", ".env.example"),
    *("src/order_service/__init__.py", "src/order_service/app.py", "src/order_service/main.py"),
    *("tests/__init__.py", "tests/conftest.py"),
}
STARTED = """
import asyncio, logging
from order_service.main import app
from pyfly.core import PyFlyApplication

async def main():
    if isinstance(app, PyFlyApplication):
        async with app:
            return
    from pyfly.core.lifespan import lifespan
    async with lifespan(app):
        pass

asyncio.run(main())
"""


@pytest.fixture(params=PAIRS, ids=lambda pair: f"{pair[0]}:{','.join(pair[1])}")
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A new project of each archetype with each set of features."""
    archetype, features = request.param
    generate_project("Order-Service", tmp_path / "Order-Service", archetype, features)
    return tmp_path / "Order-Service"


def test_a_new_project_passes_its_own_tests_its_type_check_and_its_linter(project: Path) -> None:
    for tool in (
        ["pytest", "-q", "-p", "no:cacheprovider"],
        ["mypy", "--strict", ".", "--cache-dir", str(ROOT / ".mypy_cache" / "scaffold")],
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
    ):
        done = _run(project, "-m", *tool)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_project_starts_without_a_warning(project: Path) -> None:
    done = _run(project, "-W", "error", "-c", STARTED)
    assert done.returncode == 0, done.stderr
    assert "application_started" in done.stdout
    assert "WARN" not in done.stdout + done.stderr


def test_a_new_project_has_the_documented_files_and_no_unfinished_template(project: Path) -> None:
    files = {path.relative_to(project).as_posix(): path for path in project.rglob("*") if path.is_file()}
    assert files.keys() >= COMMON
    for name, path in files.items():
        text = path.read_text()
        assert "{%" not in text, name
        assert "{{" not in text, name
        assert "\n\n\n\n" not in text, name


def test_the_files_say_what_the_documentation_promises(tmp_path: Path) -> None:
    target = tmp_path / "shop"
    generate_project("shop", target, "web-api", ["web", "data-relational"])
    for file, texts in {
        "pyproject.toml": ['name = "shop"', "pyfly[web,data-relational]"],
        "pyfly.yaml": ["module: shop.main:app", "port: 8080", "sqlite+aiosqlite://"],
        ".env.example": ["PYFLY_DATA_RELATIONAL_URL", "sqlite+aiosqlite://"],
        "Dockerfile": [
            "FROM python:3.12-slim AS builder",
            "EXPOSE 8080",
            "uvicorn",
            "shop.main:app",
            "COPY pyfly.yaml",
        ],
        ".gitignore": ["*.db"],
        "migrations/env.py": ["run_migrations()"],
        "migrations/versions/0001_items.py": ['op.create_table(\n        "items"'],
        "pyfly-dev.yaml": ["schema: migrate"],
        "src/shop/app.py": ["shop.controllers", "shop.services", "shop.repositories", "class Application"],
        "src/shop/main.py": [
            "from shop.app import Application",
            "create_app",
            "_lifespan",
            "startup",
            "shutdown",
        ],
        "src/shop/controllers/item_controller.py": ["@rest_controller", "Valid[ItemCreate]", "PathVar[int]"],
        "src/shop/repositories/item_repository.py": ["@repository", "Repository[ItemEntity, int]"],
        "src/shop/models/item.py": ["class ItemEntity(Base):", "id: Mapped[int]", "Field(min_length="],
    }.items():
        for text in texts:
            assert text in (target / file).read_text(), (file, text)
    assert yaml.safe_load((target / "pyfly.yaml").read_text())["pyfly"]["actuator"] == {"enabled": True}


def test_without_a_database_items_are_kept_in_memory(tmp_path: Path) -> None:
    generate_project("shop", tmp_path / "shop", "web-api")
    repository = (tmp_path / "shop/src/shop/repositories/item_repository.py").read_text()
    assert "dict[str, ItemResponse]" in repository
    assert "Repository[ItemEntity" not in repository


def test_no_feature_needs_no_extra(tmp_path: Path) -> None:
    generate_core_project("shop", tmp_path / "shop")
    assert 'dependencies = ["pyfly"]' in (tmp_path / "shop/pyproject.toml").read_text()


def test_the_package_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    generate_project("shop", tmp_path / "shop", "core", package="store")
    assert (tmp_path / "shop/src/store/app.py").is_file()


@pytest.mark.parametrize("package", ["../store", "a/b", "class", "os"])
def test_a_package_name_cannot_lead_elsewhere(tmp_path: Path, package: str) -> None:
    with pytest.raises(InvalidNameError):
        generate_project("shop", tmp_path / "shop", "core", package=package)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link", "link to a folder"])
def test_what_exists_is_left_alone(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "shop"
    other = tmp_path / "other"
    if kind == "file":
        target.touch()
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to(other)
    if kind == "link to a folder":
        other.mkdir()
    with pytest.raises(FileExistsError):
        generate_project("shop", target, "core")
    assert [path for path in tmp_path.iterdir() if path not in (target, other)] == []
    assert not other.exists() or list(other.iterdir()) == []


def test_a_failure_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def write_text(path: Path, *_: object, **__: object) -> None:
        written.append(path)
        if len(written) == 3:
            raise OSError("disk full")
        path.touch()

    monkeypatch.setattr(Path, "write_text", write_text)
    with pytest.raises(OSError, match="disk full"):
        generate_project("shop", tmp_path / "shop", "core")
    assert list(tmp_path.iterdir()) == []


def _run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
