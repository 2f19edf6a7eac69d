"""Packages whose public names are imported on first use."""

import sys
from types import ModuleType

import pytest

from pyfly.kernel.lazy import lazy_exports


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package that offers ``heapify`` from a module that is not imported yet."""
    made = ModuleType("lazy_package")
    monkeypatch.setitem(sys.modules, "lazy_package", made)
    monkeypatch.delitem(sys.modules, "heapq", raising=False)
    load, names = lazy_exports("lazy_package", {"heapify": "heapq"})
    made.__dict__.update({"__getattr__": load, "__dir__": names})
    return made


def test_a_name_is_imported_on_first_use_and_then_kept(package: ModuleType) -> None:
    assert "heapq" not in sys.modules
    assert package.heapify is sys.modules["heapq"].heapify
    assert vars(package)["heapify"] is package.heapify


def test_names_that_are_not_loaded_yet_are_listed(package: ModuleType) -> None:
    assert "heapify" in dir(package)


def test_an_unknown_name_is_the_usual_attribute_error(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match="module 'lazy_package' has no attribute 'other'"):
        _ = package.other


def test_a_public_name_wins_over_the_sub_module_that_is_called_the_same() -> None:
    from importlib import import_module

    import pyfly.container

    module = import_module("pyfly.container.bean")
    assert isinstance(module, ModuleType)
    assert pyfly.container.bean is module.__dict__["bean"]
