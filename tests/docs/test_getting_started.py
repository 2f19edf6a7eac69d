"""Who follows the first page, step by step, gets what it says."""

import shlex
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import ROOT, Block, blocks

PAGE = ROOT / "docs" / "getting-started.md"


def test_the_project_passes_its_tests_after_every_step(tmp_path: Path) -> None:
    steps = [command for block in blocks(PAGE) for command in _commands(block)]
    assert any(command.startswith("pyfly new shop") for command in steps)
    assert steps.count("pytest") == 3
    for block in blocks(PAGE):
        _follow(block, tmp_path)
    for tool in (["mypy"], ["ruff", "check", "."]):
        _run([sys.executable, "-m", *tool], tmp_path / "shop")


def _follow(block: Block, folder: Path) -> None:
    """Write the file that *block* is, or run those of its commands that need no network."""
    if block.title:
        (folder / "shop" / block.title).write_text(block.body + "\n", encoding="utf-8")
    for command in _commands(block):
        if command.startswith("pyfly new"):
            _run([str(Path(sys.executable).with_name("pyfly")), *command.split()[1:]], folder)
        elif command.startswith("pyfly db"):
            _run([str(Path(sys.executable).with_name("pyfly")), *shlex.split(command)[1:]], folder / "shop")
        elif command == "pytest":
            _run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder / "shop")


def _commands(block: Block) -> list[str]:
    lines = block.body.splitlines() if block.language == "console" else []
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
