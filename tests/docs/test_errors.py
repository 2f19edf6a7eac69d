"""The reference of errors covers every error, and its reports are those that are printed."""

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.core import PyFlyApplication, failure_report, pyfly_application
from tests.docs.pages import ROOT, Block, blocks

PAGE = ROOT / "docs" / "reference" / "errors.md"
MODULES = [
    "pyfly.container.exceptions",
    "pyfly.container.scanner",
    "pyfly.context.state",
    "pyfly.context.failures",
    "pyfly.context.selection",
    "pyfly.core.config.errors",
]
# The common base of errors that explain themselves is never raised itself.
ABSTRACT = {"WiringError"}


def _examples() -> list[tuple[str, list[Block], str]]:
    """The examples that have a report: what they are called, their files, the report."""
    found: list[tuple[str, list[Block], str]] = []
    files: list[Block] = []
    for block in blocks(PAGE):
        if block.title:
            files.append(block)
        elif files:
            assert block.language == "text", f"line {block.line}: the report of {files[0].title} is missing"
            found.append((files[0].title, files, block.body))
            files = []
    assert not files
    return found


EXAMPLES = _examples()


def test_every_error_has_a_heading() -> None:
    raised = {
        name
        for module in map(importlib.import_module, MODULES)
        for name, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, Exception) and cls.__module__ == module.__name__
    }
    headings = set(re.findall(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert headings == raised - ABSTRACT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current directory of an example; what it imports is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [each for each in sys.modules if each.partition(".")[0] == "shop"]:
        del sys.modules[name]


@pytest.mark.parametrize(("name", "files", "report"), EXAMPLES, ids=[each[0] for each in EXAMPLES])
async def test_the_report_of_each_example_is_what_is_printed(
    name: str, files: list[Block], report: str, folder: Path
) -> None:
    assert await _report(name, files, folder) == report


async def _report(name: str, files: list[Block], folder: Path) -> str:
    for block in files:
        file = folder / block.title
        file.parent.mkdir(exist_ok=True)
        file.write_text(block.body + "\n", encoding="utf-8")

    @pyfly_application(name="shop", scan_packages=[name.removesuffix(".py").replace("/", ".")])
    class Shop: ...

    with pytest.raises(Exception) as failed:
        await PyFlyApplication(Shop, args=["--pyfly.banner.mode=OFF"]).startup()
    return failure_report(failed.value).strip()
