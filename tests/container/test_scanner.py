"""Scanning packages for decorated classes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.container import Container, NoUniqueBeanError, ScanError, scan_package
from pyfly.container.scanner import _auto_bind_interfaces, scan_module_classes
from tests.container import sample
from tests.container.sample.billing import beans
from tests.container.sample.billing.beans import Cards, FileLedger, Transfers, Undecorated
from tests.container.sample.ports import Ledger, Payments
from tests.container.support import picture

SAMPLE = "tests.container.sample"


def names(container: Container) -> set[str]:
    return {each.name for each in container.definitions()}


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Let the hidden package be imported anew, so that an import can be noticed."""
    before = {name: module for name, module in sys.modules.items() if name.startswith(f"{SAMPLE}.hidden")}
    for name in before:
        del sys.modules[name]
    yield
    sys.modules.update(before)


def test_a_package_is_scanned_with_all_its_sub_packages() -> None:
    container = Container()
    assert scan_package(SAMPLE, container) == 5
    assert names(container) == {"InThePackage", "Cards", "Transfers", "FileLedger", "Hidden"}


def test_a_plain_module_can_be_scanned() -> None:
    container = Container()
    assert scan_package(f"{SAMPLE}.billing.beans", container) == 3


def test_scanned_beans_resolve_through_their_ports() -> None:
    container = Container()
    scan_package(SAMPLE, container)
    assert isinstance(container.resolve(Payments), Transfers)  # type: ignore[type-abstract]
    assert isinstance(container.resolve(Ledger), FileLedger)  # type: ignore[type-abstract]
    assert len(container.resolve_all(Payments)) == 2  # type: ignore[type-abstract]


def test_only_decorated_classes_of_the_module_itself_are_found_each_once() -> None:
    assert scan_module_classes(beans) == [Cards, Transfers, FileLedger]
    assert [each.__name__ for each in scan_module_classes(sample)] == ["InThePackage"]


def test_a_class_is_bound_to_its_protocols_and_abstract_bases() -> None:
    container = Container()
    for cls in (Undecorated, FileLedger):
        container.register(cls)
        _auto_bind_interfaces(cls, container)
    assert isinstance(container.resolve(Payments), Undecorated)  # type: ignore[type-abstract]
    _auto_bind_interfaces(Cards, container)
    container.register(Cards)
    with pytest.raises(NoUniqueBeanError, match="@primary"):
        container.resolve(Payments)  # type: ignore[type-abstract]


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("glob", [f"{SAMPLE}.hidden", "*.hidden*"])
def test_an_excluded_package_is_not_even_imported(glob: str) -> None:
    container = Container()
    scan_package(SAMPLE, container, exclude=[glob])
    assert "Hidden" not in names(container)
    assert f"{SAMPLE}.hidden" not in sys.modules
    assert f"{SAMPLE}.hidden.beans" not in sys.modules


def test_include_limits_the_scan_to_matching_modules() -> None:
    container = Container()
    assert scan_package(SAMPLE, container, include=["*.billing.*"]) == 4
    assert names(container) == {"InThePackage", "Cards", "Transfers", "FileLedger"}


def test_an_import_error_stops_the_scan_with_module_and_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    with pytest.raises(ImportError, match=r"cannot import 'tests\.container\.broken\.typo'") as raised:
        scan_package("tests.container.broken", Container())
    assert isinstance(raised.value, ScanError)
    assert isinstance(raised.value.__cause__, ModuleNotFoundError)
    assert picture(raised.value) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        "    Scanning package 'tests.container.broken' failed: "
        "module 'tests.container.broken.typo' cannot be imported.\n"
        "\n"
        "Why\n"
        "    ModuleNotFoundError: No module named 'a_library_that_nobody_has' (broken/typo.py:N)\n"
        "\n"
        "What to do\n"
        "    Correct broken/typo.py:N.\n"
        '    Leave the module out: scan_exclude=["tests.container.broken.typo"].\n'
    )


@pytest.mark.parametrize("name", ["no_such_shop", "no_such_shop.orders"])
def test_a_package_that_does_not_exist_is_told_without_a_place(name: str) -> None:
    with pytest.raises(ScanError) as raised:
        scan_package(name, Container())
    assert picture(raised.value) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        f"    Scanning package '{name}' failed: module '{name}' cannot be imported.\n"
        "\n"
        "Why\n"
        "    There is no module no_such_shop.\n"
        "\n"
        "What to do\n"
        "    Correct scan_packages.\n"
        "    Start where the module can be imported, or install its project.\n"
    )


def test_a_package_that_cannot_be_imported_at_all_is_taken_out_of_the_list() -> None:
    with pytest.raises(ScanError) as raised:
        scan_package("tests.container.broken.typo", Container())
    fix = "Leave the module out: take 'tests.container.broken.typo' out of scan_packages."
    assert fix in picture(raised.value)


def test_a_syntax_error_is_shown_where_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "misspelt_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "oops.py").write_text("x = 1\nclass :\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ScanError) as raised:
        scan_package("misspelt_package", Container())
    assert f"{package / 'oops.py'}:2" in " ".join(raised.value.args) or "oops.py:N" in picture(raised.value)


def test_a_package_that_does_not_exist_is_an_import_error() -> None:
    with pytest.raises(ImportError, match="no_such_package"):
        scan_package("no_such_package", Container())


def test_a_folder_without_init_file_is_scanned_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "shop_without_init"
    (package / "orders").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "data").mkdir()
    (package / "data" / "notes.txt").write_text("no module in here")
    (package / "orders" / "service.py").write_text(
        "from pyfly.container import service\n\n@service\nclass Orders: ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    container = Container()
    assert scan_package("shop_without_init", container) == 1
    assert names(container) == {"Orders"}


@pytest.mark.parametrize("folder", ["alembic", "migrations", "node_modules", "tests", "versions", "_scripts"])
def test_a_folder_of_scripts_without_init_file_is_not_imported(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / f"shop_with_{folder}"
    (package / folder).mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / folder / "env.py").write_text("raise RuntimeError('only its own tool runs this')\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert scan_package(package.name, Container()) == 0


def test_a_script_folder_with_init_file_is_a_package_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "shop_with_versions_package"
    (package / "versions").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "versions" / "__init__.py").write_text(
        "from pyfly.container import service\n\n@service\nclass Versions: ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert scan_package(package.name, Container()) == 1


def test_include_imports_the_packages_on_the_way_and_exclude_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "shop_with_two"
    for name in ("near", "far"):
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    scan_package(package.name, Container(), include=["*.near"], exclude=["*.far"])
    assert "shop_with_two.far" not in sys.modules
    scan_package(package.name, Container(), include=["*.near"])
    assert "shop_with_two.far" in sys.modules
